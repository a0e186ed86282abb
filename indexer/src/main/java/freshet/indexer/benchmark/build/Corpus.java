package freshet.indexer.benchmark.build;

import freshet.indexer.demo.data.DataFileException;
import freshet.indexer.demo.data.Listing;
import freshet.indexer.demo.data.ListingFile;
import freshet.indexer.demo.data.ListingGenerator;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Any number of listings, the same for the same seed. From a file of real ones they are made by
 * mixing sentences of the same city; the cities keep their relative sizes, and beyond those of the
 * file they begin again under other names. Without a file they are generated. Not thread-safe.
 */
public final class Corpus {
  private static final long SEED = 7;

  private interface Maker {
    Listing next(int city);
  }

  private final List<String> cities = new ArrayList<>();
  private final List<Integer> upTo = new ArrayList<>();
  private final Random random = new Random(SEED);
  private final Maker maker;
  private int made;

  /** Real listings of one city, and all their sentences. */
  private record Real(List<Listing> listings, List<String> sentences) {}

  private Corpus(int count, List<Real> real) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      Real one = real.get(i % real.size());
      String name = one.listings.getFirst().city();
      int round = i / real.size();
      cities.add(round == 0 ? name : name + " " + (round + 1));
      sum += one.listings.size();
      upTo.add(sum);
    }
    this.maker = city -> mixed(real.get(city % real.size()));
  }

  private Corpus(int count) {
    ListingGenerator generator = new ListingGenerator(SEED, 1);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      cities.add("city " + (i + 1));
      sum += 1_000.0 / (i + 1);
      upTo.add((int) Math.ceil(sum));
    }
    this.maker = city -> generator.next();
  }

  /** A corpus of so many cities. */
  public static Corpus of(@Nullable Path file, int cities) throws DataFileException, SQLException {
    if (file == null) {
      return new Corpus(cities);
    }
    SortedMap<String, Real> real = new TreeMap<>();
    ListingFile.read(
        file,
        listing -> {
          Real city =
              real.computeIfAbsent(
                  listing.city(), name -> new Real(new ArrayList<>(), new ArrayList<>()));
          city.listings.add(listing);
          city.sentences.addAll(List.of(listing.body().split("(?<=[.!?]) ")));
        });
    return new Corpus(cities, List.copyOf(real.values()));
  }

  /**
   * A document.
   *
   * @param city that it is in
   * @param listing its texts and numbers; its own id and city don't count
   */
  public record Document(String city, Listing listing) {}

  List<String> cities() {
    return List.copyOf(cities);
  }

  /** The next document; the first ones are one for each city. */
  public Document next() {
    int city = made < cities.size() ? made : drawn();
    made++;
    return inCity(city);
  }

  /** A document of this city. */
  Document inCity(int city) {
    return new Document(cities.get(city), maker.next(city));
  }

  private int drawn() {
    int at = random.nextInt(upTo.getLast());
    int low = 0;
    int high = upTo.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (upTo.get(middle) > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Listing mixed(Real city) {
    Listing base = city.listings.get(random.nextInt(city.listings.size()));
    StringBuilder body = new StringBuilder(base.body().length() + 200);
    while (body.length() < base.body().length()) {
      if (!body.isEmpty()) {
        body.append(' ');
      }
      body.append(city.sentences.get(random.nextInt(city.sentences.size())));
    }
    return new Listing(
        base.id(),
        base.city(),
        base.title(),
        body.toString(),
        base.price(),
        base.neighborhood(),
        base.latitude(),
        base.longitude(),
        base.bedrooms(),
        base.bathrooms(),
        base.sqft(),
        base.housingType(),
        base.posted(),
        base.url());
  }
}
