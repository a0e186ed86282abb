package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import java.util.List;
import org.junit.jupiter.api.Test;

class CityWordsTest {

  @Test
  void aNameThatWouldNotBeSeenIsQuoted() {
    assertThat(CityWords.name(new City("São Paulo"))).isEqualTo("São Paulo");
    assertThat(CityWords.name(new City(""))).isEqualTo("\"\"");
    assertThat(CityWords.name(new City("a "))).isEqualTo("\"a \"");
    assertThat(CityWords.name(new City("a\nb"))).isEqualTo("\"a\\nb\"");
    assertThat(CityWords.name(new City("\"a\""))).isEqualTo("\"\\\"a\\\"\"");
  }

  @Test
  void whoeverNamesNoCityIsToldWhatWasProbablyMeant() {
    List<City> known = List.of(new City("Boston"), new City("BOSTON"), new City("a "));
    assertThat(CityWords.unknown(new City("boston"), "the index", known))
        .hasMessage(
            "there is no city boston in the index, which has 3 cities; did you mean Boston or BOSTON?");
    assertThat(CityWords.unknown(new City("x"), "the index", List.of(new City("a "))))
        .hasMessage("there is no city x in the index, which has 1 city");
  }
}
