package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far the overlap widens. In minutes: the overlap is 10, the reach 100, a sweep every 10. */
class LatenessTest {
  private static final long MINUTE = 60_000_000;

  @ParameterizedTest
  @CsvSource(
      nullValues = "never",
      value = {
        // stamp, now, last sweep, widened
        "1000, 1031, 1021, 31", // regular: what was seen is covered
        "1000, 1031, 1001, 31", // as regular as sweeps may be late
        "1000, 1031, 1000, 20", // after a pause it doubles at most
        "1000, 1031, never, 20",
        "1000, 1015, never, 15",
        "1000, 1500, 1490, 100", // never beyond the reach
        "1000, 1005, 1000, 10", // never less than before
        "1000,  990,  980, 10", // a clock that was set back
      })
  void widensToWhatWasSeen(long stamp, long now, @Nullable Long lastSweep, long widened) {
    Lateness lateness =
        new Lateness(Duration.ofMinutes(10), Duration.ofMinutes(100), Duration.ofMinutes(10));
    assertThat(
            lateness.widened(
                stamp * MINUTE, now * MINUTE, lastSweep == null ? null : lastSweep * MINUTE))
        .isEqualTo(Duration.ofMinutes(widened));
  }
}
