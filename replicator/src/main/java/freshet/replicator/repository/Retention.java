package freshet.replicator.repository;

import java.time.Duration;

/**
 * Which snapshots stay. One stays as long as any rule wants it; what LATEST names and what is
 * pinned stays anyway.
 *
 * @param keepNewest this many of the newest, at least 1
 * @param keepFor every snapshot that was the newest one within this time. A mirror or a slave that
 *     takes longer to copy one starts again on a newer one.
 * @param keepHourly for how long the first snapshot of each hour stays
 * @param keepDaily for how long the first snapshot of each day, by UTC, stays
 */
public record Retention(int keepNewest, Duration keepFor, Duration keepHourly, Duration keepDaily) {
  /**
   * The newest 20, all of the last 10 minutes, one an hour for 48 h, one a day for 14 d. What all
   * of them name is held in memory: a generation a second over 144 cities is 86,000 commits so.
   */
  public static final Retention DEFAULT =
      new Retention(20, Duration.ofMinutes(10), Duration.ofDays(2), Duration.ofDays(14));

  /** Checks the ranges. */
  public Retention {
    if (keepNewest < 1) {
      throw new IllegalArgumentException("at least the newest snapshot stays, not " + keepNewest);
    }
    for (Duration duration : new Duration[] {keepFor, keepHourly, keepDaily}) {
      if (duration.isNegative()) {
        throw new IllegalArgumentException("snapshots can't stay for " + duration);
      }
    }
  }

  /** Nothing but the newest, as a slave keeps them. */
  public Retention(int keepNewest, Duration keepFor) {
    this(keepNewest, keepFor, Duration.ZERO, Duration.ZERO);
  }
}
