package freshet.indexer.demo.data;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes plausible listings. The same seed and number of cities give the same sequence. City sizes
 * follow Zipf's law: with 24 cities the largest gets a quarter of the listings, the smallest one in
 * a hundred; each city gets at least one. Not thread-safe.
 */
public final class ListingGenerator {
  private static final int SHORTEST_BODY = 200;
  private static final int LONGEST_BODY = 3000;
  private static final long FIRST_ID = 7_400_000_000L;
  private static final LocalDateTime FIRST_POSTED = LocalDateTime.of(2026, 1, 5, 8, 0);

  private final RandomGenerator random;
  private final List<String> cities;
  private final double[] cumulated;
  private long made;

  /**
   * Starts the sequence of a seed.
   *
   * @param cities how many, 1 or more
   */
  public ListingGenerator(long seed, int cities) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.cities = names(cities);
    this.cumulated = new double[cities];
    double sum = 0;
    for (int rank = 0; rank < cities; rank++) {
      sum += 1.0 / (rank + 1);
      cumulated[rank] = sum;
    }
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = Phrases.CITIES.get(i % Phrases.CITIES.size());
      int round = i / Phrases.CITIES.size();
      names.add(round == 0 ? name : name + " " + (round + 1));
    }
    return List.copyOf(names);
  }

  /** The next listing; ids ascend. */
  public Listing next() {
    int rank = made < cities.size() ? (int) made : zipf();
    long id = FIRST_ID + made * 7 + random.nextInt(7);
    String type = pick(Phrases.TYPES);
    long bedrooms = random.nextInt(5);
    @Nullable String neighborhood = sometimes(0.9) ? pick(Phrases.NEIGHBORHOODS) : null;
    boolean hasPosition = sometimes(0.99);
    Listing listing =
        new Listing(
            id,
            cities.get(rank),
            title(type, bedrooms),
            body(),
            sometimes(0.99) ? 400 + bedrooms * 350 + random.nextInt(60) * 25L : null,
            neighborhood,
            hasPosition ? around(30 + 0.7 * rank) : null,
            hasPosition ? around(-120 + 2.1 * rank) : null,
            bedrooms,
            sometimes(0.98) ? 1 + random.nextInt(5) / 2.0 : null,
            sometimes(0.65) ? 300 + bedrooms * 250 + random.nextInt(400) : null,
            type,
            FIRST_POSTED.plusMinutes(made * 3 + random.nextInt(3)),
            "https://listings.example/%s/%d.html".formatted(type.replace('/', '-'), id));
    made++;
    return listing;
  }

  private String title(String type, long bedrooms) {
    String size = bedrooms == 0 ? "studio" : bedrooms + " bedroom";
    return "%s %s %s, %s".formatted(pick(Phrases.ADJECTIVES), size, type, pick(Phrases.PERKS));
  }

  private String body() {
    // Most bodies are short, some are long, as people write them.
    double skew = random.nextDouble() * random.nextDouble();
    int wanted = SHORTEST_BODY + (int) (skew * (LONGEST_BODY - SHORTEST_BODY));
    String closing = pick(Phrases.CLOSINGS);
    StringBuilder body = new StringBuilder(wanted + 200);
    while (body.length() < wanted) {
      String sentence =
          "%s %s %s. "
              .formatted(pick(Phrases.SUBJECTS), pick(Phrases.VERBS), pick(Phrases.OBJECTS));
      if (body.length() + sentence.length() + closing.length() > LONGEST_BODY) {
        break;
      }
      body.append(sentence);
    }
    return body.append(closing).toString();
  }

  /** Six decimals, a tenth of a metre, and no more digits than a position has in real data. */
  private double around(double center) {
    return Math.round((center + random.nextGaussian() * 0.1) * 1e6) / 1e6;
  }

  private int zipf() {
    double at = random.nextDouble() * cumulated[cumulated.length - 1];
    int found = Arrays.binarySearch(cumulated, at);
    return Math.min(found < 0 ? -found - 1 : found, cumulated.length - 1);
  }

  private boolean sometimes(double share) {
    return random.nextDouble() < share;
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
