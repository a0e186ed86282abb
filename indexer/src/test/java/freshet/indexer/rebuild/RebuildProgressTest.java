package freshet.indexer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.rebuild.RebuildState.Phase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RebuildProgressTest {

  @ParameterizedTest
  @CsvSource({
    "READING,      0, 1000, 0.0",
    "READING,    250, 1000, 0.25",
    "READING,   1000, 1000, 0.99",
    "READING,   5000, 1000, 0.99",
    "READING,      5,    0, 0.0",
    "CATCHING_UP,  5, 1000, 1.0",
    "READY,        5, 1000, 1.0",
  })
  void theShareNeverClaimsMoreThanIsKnown(Phase phase, long rows, long estimated, double share) {
    assertThat(RebuildProgress.of(phase, rows, rows, estimated, 10, null, Map.of()).share())
        .isEqualTo(share);
  }

  @ParameterizedTest
  @CsvSource({
    "READING,     250, 1000, 100, PT8S",
    "READING,       0, 1000, 300, PT4S",
    "READING,     250, 1000, 0.5,",
    "READING,    1000, 1000, 100,",
    "CATCHING_UP, 250, 1000, 100,",
  })
  void theTimeLeftFollowsTheRate(
      Phase phase, long rows, long estimated, double rate, Duration left) {
    assertThat(RebuildProgress.of(phase, rows, rows, estimated, rate, null, Map.of()).timeLeft())
        .isEqualTo(left);
  }

  @Test
  void theRateIsThatOfTheLastSeconds() {
    Pace pace = new Pace();
    assertThat(pace.sample(0, 7_000)).as("what was read before a restart is no rate").isZero();
    assertThat(pace.sample(seconds(1), 8_000)).isEqualTo(1_000);
    assertThat(pace.sample(seconds(10), 17_000)).isEqualTo(1_000);
    for (int second = 11; second <= 30; second++) {
      assertThat(pace.sample(seconds(second), 17_000)).isLessThanOrEqualTo(1_000);
    }
    assertThat(pace.sample(seconds(31), 17_000)).as("a throttle shows").isZero();
  }

  private static long seconds(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
