package freshet.indexer.source;

import freshet.indexer.source.Remembered.Waiting;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long no server is polled while all that answer lack transactions that are indexed. Pure.
 *
 * @param atMost then the transactions count as lost
 */
record TransactionWait(Duration atMost) {

  /** What to do. */
  sealed interface Decision {}

  /**
   * Go on waiting: a replica that is behind would bring back what is deleted.
   *
   * @param waiting to be remembered
   */
  record Wait(Waiting waiting) implements Decision {}

  /**
   * Poll what there is, and compare all keys.
   *
   * @param waited how long
   */
  record Lost(Duration waited) implements Decision {}

  /**
   * Decides.
   *
   * @param before what was waited for until now; null if nothing was
   * @param gtid the transactions that are indexed
   */
  Decision decide(@Nullable Waiting before, String gtid, Instant now) {
    if (before == null || !before.gtid().equals(gtid) || before.since().isAfter(now)) {
      return new Wait(new Waiting(gtid, now));
    }
    Duration waited = Duration.between(before.since(), now);
    return waited.compareTo(atMost) < 0 ? new Wait(before) : new Lost(waited);
  }
}
