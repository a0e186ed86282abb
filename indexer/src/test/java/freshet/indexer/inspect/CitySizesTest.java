package freshet.indexer.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.check.CityRows;
import java.util.List;
import org.junit.jupiter.api.Test;

class CitySizesTest {
  private static final CityRows BERLIN = new CityRows("berlin", 30);
  private static final CityRows NAMELESS = new CityRows(null, 10);

  @Test
  void aTableThatWasReadToItsEndIsCounted() {
    CitySizes sizes = CitySizes.of(List.of(BERLIN, NAMELESS), 41);

    assertThat(sizes.isExact()).isTrue();
    assertThat(sizes.counted()).isEqualTo(40);
    assertThat(sizes.rowsOf(BERLIN, 1_000_000)).isEqualTo(30);
  }

  @Test
  void ofALargerOneTheRestIsTakenToBeSpreadAlike() {
    CitySizes sizes = CitySizes.of(List.of(BERLIN, NAMELESS), 40);

    assertThat(sizes.isExact()).isFalse();
    assertThat(sizes.rowsOf(BERLIN, 1_000)).isEqualTo(750);
  }

  @Test
  void nothingIsKnownOfOneThatWasNotCounted() {
    assertThat(CitySizes.UNKNOWN.rowsOf(BERLIN, 1_000)).isEqualTo(30);
    assertThat(CitySizes.UNKNOWN.isExact()).isFalse();
  }
}
