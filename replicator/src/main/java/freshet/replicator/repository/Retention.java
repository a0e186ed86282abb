package freshet.replicator.repository;

import java.time.Duration;

/**
 * Which snapshots stay. One stays as long as either rule wants it; what LATEST names and what is
 * pinned stays anyway.
 *
 * @param keepNewest this many of the newest, at least 1
 * @param keepFor every snapshot that was the newest one within this time. A mirror or a slave that
 *     takes longer to copy one starts again on a newer one.
 */
public record Retention(int keepNewest, Duration keepFor) {
  /** The newest 20, and everything of the last 10 minutes. */
  public static final Retention DEFAULT = new Retention(20, Duration.ofMinutes(10));

  /** Checks the ranges. */
  public Retention {
    if (keepNewest < 1) {
      throw new IllegalArgumentException("at least the newest snapshot stays, not " + keepNewest);
    }
    if (keepFor.isNegative()) {
      throw new IllegalArgumentException("snapshots can't stay for " + keepFor);
    }
  }
}
