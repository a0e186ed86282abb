package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import java.util.List;
import org.junit.jupiter.api.Test;

class CityFilterTest {
  private static final CityFilter TWO = CityFilter.of(List.of(new City("b"), new City("é")));

  @Test
  void eachLetterCounts() {
    assertThat(TWO.allows(new City("b"))).isTrue();
    assertThat(TWO.allows(new City("B"))).isFalse();
    assertThat(TWO.allows("b ")).isFalse();
    assertThat(TWO.allows("e")).isFalse();
    assertThat(CityFilter.ALL.allows(new City("anything"))).isTrue();
  }

  /** Such a row is set aside with its own reason. */
  @Test
  void aNameThatNoCityCanHaveIsNotTheListsBusiness() {
    assertThat(TWO.allows("x".repeat(300))).isTrue();
  }

  @Test
  void theMarkTellsListsApart() {
    assertThat(CityFilter.ALL.mark()).isNull();
    assertThat(TWO.mark())
        .isEqualTo(CityFilter.of(List.of(new City("é"), new City("b"))).mark())
        .isNotEqualTo(CityFilter.of(List.of(new City("b"))).mark());
  }
}
