package freshet.indexer.propose;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BuildEstimateTest {
  @Test
  void anEmptyTableTakesTheStartAlone() {
    assertThat(BuildEstimate.of(0, 0, 2)).isEqualTo(new BuildEstimate(Duration.ofSeconds(2), 0, 0));
  }

  @Test
  void theFiguresOfTheBenchmarkComeOutAgain() {
    BuildEstimate estimate = BuildEstimate.of(1_000_000, 1_100, 2);

    assertThat(estimate.time()).isBetween(Duration.ofSeconds(70), Duration.ofSeconds(110));
    assertThat(estimate.bytes()).isEqualTo(1_200_000_000L);
    assertThat(estimate.mostBytes()).isEqualTo(3 * estimate.bytes());
  }

  @Test
  void moreProcessorsTakeLessTime() {
    assertThat(BuildEstimate.of(1_000_000, 500, 8).time())
        .isLessThan(BuildEstimate.of(1_000_000, 500, 2).time());
    assertThat(BuildEstimate.of(1_000, 500, 0)).isEqualTo(BuildEstimate.of(1_000, 500, 1));
  }
}
