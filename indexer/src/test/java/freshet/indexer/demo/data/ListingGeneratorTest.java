package freshet.indexer.demo.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListingGeneratorTest {

  @Test
  void sameSeedGivesSameListings() {
    assertThat(listings(7, 200)).isEqualTo(listings(7, 200)).isNotEqualTo(listings(8, 200));
  }

  @Test
  void citiesAreOfVeryDifferentSize() {
    Map<String, Long> sizes =
        listings(1, 4000).stream()
            .collect(Collectors.groupingBy(Listing::city, Collectors.counting()));
    assertThat(sizes).hasSize(24);
    long largest = sizes.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    long smallest = sizes.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    assertThat(largest).isGreaterThan(10 * smallest);
  }

  @Test
  void eachCityHasAListing() {
    assertThat(listings(1, 24).stream().map(Listing::city).distinct()).hasSize(24);
  }

  @Test
  void bodiesHave200To3000CharactersAndIdsAscend() {
    List<Listing> listings = listings(3, 3000);
    assertThat(listings).extracting(listing -> listing.body().length()).allMatch(n -> n >= 200);
    assertThat(listings).extracting(listing -> listing.body().length()).allMatch(n -> n <= 3000);
    assertThat(listings).extracting(listing -> listing.body().length()).anyMatch(n -> n > 2000);
    assertThat(listings).extracting(Listing::id).isSorted().doesNotHaveDuplicates();
  }

  private static List<Listing> listings(long seed, int count) {
    ListingGenerator generator = new ListingGenerator(seed, 24);
    return Stream.generate(generator::next).limit(count).toList();
  }
}
