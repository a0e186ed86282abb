package freshet.indexer.source;

import freshet.indexer.table.WallClock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which reads count while a server may be behind the one that was read before, and no GTID tells.
 * Pure; points in time in microseconds since 1970 UTC.
 *
 * <p>What is stamped later than the change of servers counts as stamped then: a row of the future
 * does not outlive its correction, and of two such reads the last one wins.
 *
 * @param left when the servers changed
 * @param clock by which rows are stamped
 */
record VersionOrder(long left, WallClock clock) {

  /**
   * Whether a row that was read is taken.
   *
   * @param version of the row
   * @param stored the versions that its document is indexed with
   * @param deletedThrough up to when a tombstone said that rows of this key are gone; null if none
   *     did
   */
  boolean takesRow(long version, Set<Long> stored, @Nullable Long deletedThrough) {
    return stored.stream().allMatch(indexed -> order(version) >= order(indexed))
        && (deletedThrough == null || clock.first(version) > deletedThrough);
  }

  /** Whether it is taken for a deletion that there is no row. */
  boolean takesAbsence(Set<Long> stored, @Nullable Long deletedThrough) {
    return stored.stream()
        .allMatch(indexed -> deletedThrough != null && order(indexed) <= deletedThrough);
  }

  private long order(long version) {
    return Math.min(clock.first(version), left);
  }
}
