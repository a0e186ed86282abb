package freshet.indexer.demo.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgeSamplesTest {

  @Test
  void percentilesAreNearestRank() {
    AgeSamples samples = new AgeSamples();
    assertThat(samples.summary()).isEmpty();
    for (int i = 200; i >= 1; i--) {
      samples.add(Duration.ofMillis(i));
    }
    assertThat(samples.summary())
        .contains(
            new AgeSamples.Ages(
                200, Duration.ofMillis(100), Duration.ofMillis(198), Duration.ofMillis(200)));
  }

  @Test
  void longDemoKeepsItsMaximum() {
    AgeSamples samples = new AgeSamples();
    samples.add(Duration.ofMillis(1));
    samples.add(Duration.ofHours(1));
    for (int i = 0; i < 300_000; i++) {
      samples.add(Duration.ofMillis(500));
    }
    AgeSamples.Ages ages = samples.summary().orElseThrow();
    assertThat(ages.max()).isEqualTo(Duration.ofHours(1));
    assertThat(ages.p50()).isEqualTo(Duration.ofMillis(500));
    assertThat(ages.samples()).isEqualTo(300_002);
  }
}
