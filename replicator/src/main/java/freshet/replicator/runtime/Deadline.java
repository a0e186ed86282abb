package freshet.replicator.runtime;

import java.time.Duration;

/**
 * A point on the monotonic clock by which something must have ended. Immutable.
 *
 * @param time the clock that it is measured on
 * @param atNanos the point, as {@link Time#nanoTime()} counts
 */
public record Deadline(Time time, long atNanos) {

  /** The deadline that lies this long from now. */
  public static Deadline after(Time time, Duration duration) {
    return new Deadline(time, time.nanoTime() + duration.toNanos());
  }

  /** What is left, zero once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, atNanos - time.nanoTime()));
  }

  /** Whether nothing is left. */
  public boolean isPast() {
    return atNanos - time.nanoTime() <= 0;
  }
}
