package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CitySubsetTest {

  @ParameterizedTest
  @CsvSource({
    "berlin, berlin, true",
    "berlin, Berlin, false",
    "berlin, berlin2, false",
    "berlin*, berlin, true",
    "berlin*, berlin-mitte, true",
    "*, '', true",
    "'', '', true",
    "'', a, false",
    "?, '', false",
    "S?o *lo, São Paulo, true",
    "*a*b*, xxaxxbxx, true",
    "*a*b, xxaxxbxx, false",
    "a\\*, a*, true",
    "a\\*, ab, false",
    "\\\\?, '\\x', true",
    "a\\, 'a\\', true",
    "[ab], [ab], true",
    "[ab], a, false",
  })
  void aGlobMatches(String glob, String city, boolean matches) {
    assertThat(CitySubset.of(List.of(glob)).includes(new City(city))).isEqualTo(matches);
  }

  @Test
  void noGlobIsAllCities() {
    assertThat(CitySubset.of(List.of())).isEqualTo(CitySubset.ALL);
    assertThat(CitySubset.ALL.includes(new City("any"))).isTrue();
  }

  @Test
  void aCityOfBothMatchesBoth() {
    CitySubset a = CitySubset.of(List.of("a*"));
    CitySubset b = CitySubset.of(List.of("*b", "x"));
    CitySubset both = a.and(b);
    assertThat(both.includes(new City("ab"))).isTrue();
    assertThat(both.includes(new City("a"))).isFalse();
    assertThat(both.includes(new City("x"))).isFalse();
    assertThat(a.and(a)).isEqualTo(a);
    assertThat(CitySubset.ALL.and(a)).isEqualTo(a);
    assertThat(a.and(CitySubset.ALL).includes(new City("b"))).isFalse();
    assertThat(both).hasToString("[\"a*\"] and [\"*b\", \"x\"]");
  }

  @Test
  void aLongGlobTakesNoLongerThanItsText() {
    String glob = "*a".repeat(100) + "b";
    assertThat(CitySubset.of(List.of(glob)).includes(new City("a".repeat(200)))).isFalse();
  }

  @Test
  void itIsReadAsItWasWritten() throws Exception {
    CitySubset subset = CitySubset.of(List.of("b*", "São"));
    assertThat(SnapshotCodec.read(SnapshotCodec.write(subset), CitySubset.class, "it"))
        .isEqualTo(subset);
  }
}
