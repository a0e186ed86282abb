package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThroughputTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int MB = 1 << 20;
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void tooLittleIsNotKnown() {
    Throughput some = Throughput.NONE.with(3 * MB, SECOND, NOON);

    assertThat(Throughput.NONE.bytesPerSecond(NOON)).isEmpty();
    assertThat(some.bytesPerSecond(NOON)).isEmpty();
    assertThat(some.with(2 * MB, SECOND, NOON).bytesPerSecond(NOON)).isPresent();
  }

  @Test
  void aSmallSampleDoesNotCount() {
    Throughput known = Throughput.NONE.with(8 * MB, SECOND, NOON);

    assertThat(known.with(100, Duration.ofMinutes(1), NOON)).isEqualTo(known);
  }

  @Test
  void oneSlowSampleIsSmoothedAndManyCount() {
    Throughput known = Throughput.NONE.with(8 * MB, SECOND, NOON);
    Throughput after = known.with(8 * MB, Duration.ofSeconds(4), NOON);
    assertThat(megabytes(after)).isBetween(2.5, 4.0);
    for (int i = 0; i < 20; i++) {
      after = after.with(8 * MB, Duration.ofSeconds(4), NOON);
    }

    assertThat(megabytes(after)).isCloseTo(2, within(0.1));
  }

  @Test
  void afterAnHourItIsMeasuredAnew() {
    Throughput known = Throughput.NONE.with(8 * MB, SECOND, NOON);
    Instant later = NOON.plus(Throughput.VALID_FOR);

    assertThat(known.bytesPerSecond(later)).isPresent();
    assertThat(known.bytesPerSecond(later.plusNanos(1))).isEmpty();
    Throughput anew = known.with(8 * MB, Duration.ofSeconds(8), later.plusNanos(1));
    assertThat(anew.bytesPerSecond(later.plusNanos(1))).hasValue(MB);
    assertThat(known.bytesPerSecond(NOON.minusNanos(1))).as("a clock was set back").isEmpty();
  }

  private static double megabytes(Throughput throughput) {
    return throughput.bytesPerSecond(NOON).orElseThrow() / MB;
  }
}
