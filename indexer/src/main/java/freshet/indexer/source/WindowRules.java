package freshet.indexer.source;

import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.NavigableSet;

/**
 * The rules by which one poll treats versions, of one table. All in microseconds: versions as the
 * column's clock shows them, everything else since 1970 UTC.
 *
 * <p>A version column that is coarser than a millisecond does not tell apart two updates within one
 * tick. Two rules find the second: a pair that is <i>young</i>, within two ticks of the horizon, is
 * not taken for seen, so that the next poll reads it again; and every pair is read once more when
 * it is <i>over</i>, older than the overlap, for a transaction that was stamped within the tick,
 * waited for a lock, and committed much later.
 *
 * <p>The database orders by what the clock shows. Where the clock is set back, what is stamped
 * afterwards lies before a cursor; where it is set forward, little time lies in a long stretch. So
 * the overlap is a stretch of time, and looking again begins at the least version that can have
 * been stamped within it or later.
 *
 * @param overlap how far behind its stamp a transaction may commit
 * @param coarseTick distance of two neighbouring versions; 0 if they are fine enough
 * @param horizon the database's clock when the poll began, less the lag: what is stamped later is
 *     read, but no cursor passes it
 * @param clock by which rows are stamped
 */
record WindowRules(long overlap, long coarseTick, long horizon, WallClock clock) {

  /** The rules of a poll for a version column. */
  static WindowRules of(Duration overlap, VersionColumn version, long horizon) {
    return new WindowRules(
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(overlap)),
        version.isCoarse() ? version.tickMicros() : 0,
        horizon,
        version.clock());
  }

  /** Where looking again begins for a cursor. */
  Cursor floor(Cursor cursor) {
    if (cursor.version() < Long.MIN_VALUE + overlap) {
      return Cursor.START;
    }
    return leastSince(clock.first(cursor.version()) - overlap);
  }

  /** Where the overlap before the horizon begins. */
  Cursor overlapBeforeHorizon() {
    return reachBeforeHorizon(overlap);
  }

  /** Where a stretch of time before the horizon begins. */
  Cursor reachBeforeHorizon(long reach) {
    return leastSince(horizon - reach);
  }

  /** Where the versions begin that were stamped since a point in time. */
  private Cursor leastSince(long time) {
    return new Cursor(clock.leastBetween(time, horizon), DocumentKey.EMPTY);
  }

  /** Whether a cursor may move to this version. */
  boolean isPassable(long version) {
    return clock.first(version) <= horizon;
  }

  /** Whether one read of the pair is enough, but for pairs that are young. */
  boolean isFine() {
    return coarseTick == 0;
  }

  /** Whether another update may still get the same version by the clock alone. */
  boolean isYoung(long version) {
    return !isFine() && (isNear(clock.first(version)) || isNear(clock.last(version)));
  }

  private boolean isNear(long time) {
    return time <= horizon + 2 * coarseTick && time > horizon - 2 * coarseTick;
  }

  /** Whether no transaction with this version is waited for any more. */
  boolean isOver(long version) {
    return wasOver(version, horizon);
  }

  /** Whether it was so for a poll with another horizon. */
  boolean wasOver(long version, long then) {
    return clock.last(version) <= then - overlap;
  }

  /**
   * The stretch of versions around the horizon: what was stamped so when the clock showed this
   * before, or was stamped ahead of time, may be stamped so again now.
   */
  NavigableSet<Cursor> aroundHorizon(NavigableSet<Cursor> pairs) {
    long now = clock.at(horizon);
    return pairs.subSet(
        new Cursor(now - 2 * coarseTick, DocumentKey.EMPTY),
        true,
        new Cursor(now + 2 * coarseTick + 1, DocumentKey.EMPTY),
        false);
  }
}
