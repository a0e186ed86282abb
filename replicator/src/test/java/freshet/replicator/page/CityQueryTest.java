package freshet.replicator.page;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.page.CityQuery.Sort;
import freshet.replicator.snapshot.City;
import java.util.List;
import org.junit.jupiter.api.Test;

class CityQueryTest {
  private final List<CityRow> cities = SamplePage.fresh().cities();

  private static List<String> names(CityQuery.Found found) {
    return found.rows().stream().map(CityRow::city).map(City::name).toList();
  }

  @Test
  void theOldestComeFirstAndUnknownAgesBeforeThem() {
    CityQuery.Found found = CityQuery.FIRST.of(cities);

    assertThat(names(found)).startsWith(SamplePage.EVIL, "São Paulo", "city-697").hasSize(25);
    assertThat(found.found()).isEqualTo(700);
    assertThat(found.pages()).isEqualTo(28);
  }

  @Test
  void theLargestComeFirstWhereThatIsAsked() {
    assertThat(names(new CityQuery("", Sort.SIZE, 1).of(cities)))
        .startsWith("São Paulo", "city-697");
    assertThat(names(new CityQuery("", Sort.NAME, 1).of(cities))).startsWith("");
  }

  @Test
  void aPartOfANameIsEnoughInAnyCase() {
    assertThat(names(new CityQuery("SÃO", Sort.AGE, 1).of(cities))).containsExactly("São Paulo");
    assertThat(new CityQuery("none of them", Sort.AGE, 3).of(cities))
        .isEqualTo(new CityQuery.Found(List.of(), 0, 1, 1));
  }

  @Test
  void beyondTheLastPageIsTheLastPage() {
    CityQuery.Found found = new CityQuery("", Sort.AGE, 1_000).of(cities);

    assertThat(found.page()).isEqualTo(28);
    assertThat(found.rows()).hasSize(25);
    assertThat(names(found)).endsWith("");
  }

  @Test
  void addressesAreEncoded() {
    assertThat(new CityQuery("a&b=\"ü", Sort.SIZE, 1).address(2))
        .isEqualTo("?city=a%26b%3D%22%C3%BC&sort=size&page=2#cities-heading");
  }
}
