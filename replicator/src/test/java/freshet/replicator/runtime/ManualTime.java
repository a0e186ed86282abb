package freshet.replicator.runtime;

import java.time.Duration;
import java.time.Instant;

/** A clock that moves only when it is told to, or when somebody sleeps on it. Thread-safe. */
public final class ManualTime implements Time {
  private Instant now;
  private long nanos;

  /** Shows this until it is moved. */
  public ManualTime(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  /** Passes at once, and moves the clock by as much. */
  @Override
  public void sleep(Duration duration) {
    advance(duration);
  }

  /** Moves both clocks forward. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  /** Steps the wall clock alone, as an operator or NTP does; may go back. */
  public synchronized void stepWallClock(Duration by) {
    now = now.plus(by);
  }
}
