package freshet.replicator.freshness;

import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * Both clocks of this host at one moment. Readings of one process can be compared, no others.
 *
 * @param wall the wall clock, which may step
 * @param nanos the monotonic clock
 */
public record ClockReading(Instant wall, long nanos) {

  /** Reads both. */
  public static ClockReading of(Time time) {
    return new ClockReading(time.now(), time.nanoTime());
  }

  /** What the monotonic clock counted since then; zero if that was later. */
  public Duration since(ClockReading earlier) {
    return Duration.ofNanos(Math.max(0, nanos - earlier.nanos));
  }

  /** By how much the wall clock was moved since then, beside going on. */
  Duration stepSince(ClockReading earlier) {
    return Duration.between(earlier.wall, wall).minusNanos(nanos - earlier.nanos);
  }
}
