package freshet.replicator.runtime;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock seam: wall clock, monotonic clock and waiting in one, so that a test on a manual clock
 * needs nothing else. Implementations are safe for use by several threads.
 */
public interface Time {

  /** The wall clock. It may step, so durations are taken from {@link #nanoTime()} instead. */
  Instant now();

  /** The monotonic clock in nanoseconds, with an arbitrary origin. */
  long nanoTime();

  /**
   * Waits for that long.
   *
   * @throws InterruptedException if the thread was interrupted before or while waiting
   */
  void sleep(Duration duration) throws InterruptedException;

  /** What has passed on the monotonic clock since an earlier {@link #nanoTime()}. */
  default Duration since(long startNanos) {
    return Duration.ofNanos(nanoTime() - startNanos);
  }
}
