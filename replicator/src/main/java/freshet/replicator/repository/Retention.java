package freshet.replicator.repository;

import freshet.replicator.lease.LeaseFolder;
import java.time.Duration;

/**
 * Which snapshots stay. One stays as long as any rule wants it, unless all together are too large;
 * what LATEST names, what is pinned, and what somebody is fetching stays anyway.
 *
 * @param keepNewest this many of the newest, at least 1
 * @param keepFor every snapshot that was the newest one within this time. A mirror that takes no
 *     lease and longer to copy one starts again on a newer one.
 * @param keepHourly for how long the first snapshot of each hour stays
 * @param keepDaily for how long the first snapshot of each day, by UTC, stays
 * @param lease how long a snapshot stays after whoever is fetching it got on for the last time
 * @param maxBytes that all files together may have, or {@link #UNLIMITED}
 */
public record Retention(
    int keepNewest,
    Duration keepFor,
    Duration keepHourly,
    Duration keepDaily,
    Duration lease,
    long maxBytes) {
  /** No bound by bytes. */
  public static final long UNLIMITED = Long.MAX_VALUE;

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
    for (Duration duration : new Duration[] {keepFor, keepHourly, keepDaily, lease}) {
      if (duration.isNegative()) {
        throw new IllegalArgumentException("snapshots can't stay for " + duration);
      }
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException("a repository has room for 1 or more bytes, not 0");
    }
  }

  /** Leases of the default time, and no bound by bytes. */
  public Retention(int keepNewest, Duration keepFor, Duration keepHourly, Duration keepDaily) {
    this(keepNewest, keepFor, keepHourly, keepDaily, LeaseFolder.DEFAULT_TIME, UNLIMITED);
  }

  /** Nothing but the newest, as a slave keeps them. */
  public Retention(int keepNewest, Duration keepFor) {
    this(keepNewest, keepFor, Duration.ZERO, Duration.ZERO);
  }
}
