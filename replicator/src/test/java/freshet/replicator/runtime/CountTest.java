package freshet.replicator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {
  @Test
  void oneIsNoPlural() {
    assertThat(Count.of(0, "row")).isEqualTo("0 rows");
    assertThat(Count.of(1, "row")).isEqualTo("1 row");
    assertThat(Count.of(1_204, "row")).isEqualTo("1,204 rows");
    assertThat(Count.of(1, "city", "cities")).isEqualTo("1 city");
    assertThat(Count.of(2, "row was", "rows were")).isEqualTo("2 rows were");
  }
}
