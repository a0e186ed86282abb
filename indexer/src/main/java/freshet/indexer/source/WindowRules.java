package freshet.indexer.source;

import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The rules by which one poll treats versions, of one table. All in microseconds since 1970 UTC.
 *
 * <p>A version column that is coarser than a millisecond does not tell apart two updates within one
 * tick. Two rules find the second: a pair that is <i>young</i>, within two ticks of the horizon, is
 * not taken for seen, so that the next poll reads it again; and every pair is read once more when
 * it is <i>over</i>, older than the overlap, for a transaction that was stamped within the tick,
 * waited for a lock, and committed much later.
 *
 * @param overlap how far behind its stamp a transaction may commit
 * @param coarseTick distance of two neighbouring versions; 0 if they are fine enough
 * @param horizon the database's clock when the poll began, less the lag: what is stamped later is
 *     read, but no cursor passes it
 */
record WindowRules(long overlap, long coarseTick, long horizon) {

  /** The rules of a poll for a version column. */
  static WindowRules of(Duration overlap, VersionColumn version, long horizon) {
    return new WindowRules(
        ChronoUnit.MICROS.between(java.time.Instant.EPOCH, java.time.Instant.EPOCH.plus(overlap)),
        version.isCoarse() ? version.tickMicros() : 0,
        horizon);
  }

  /** Where looking again begins for a cursor. */
  Cursor floor(Cursor cursor) {
    if (cursor.version() < Long.MIN_VALUE + overlap) {
      return Cursor.START;
    }
    return new Cursor(cursor.version() - overlap, DocumentKey.EMPTY);
  }

  /** Where the overlap before the horizon begins. */
  Cursor overlapBeforeHorizon() {
    return new Cursor(horizon - overlap, DocumentKey.EMPTY);
  }

  /** Whether a cursor may move to this version. */
  boolean isPassable(long version) {
    return version <= horizon;
  }

  /** Whether one read of the pair is enough, but for pairs that are young. */
  boolean isFine() {
    return coarseTick == 0;
  }

  /** Whether another update may still get the same version by the clock alone. */
  boolean isYoung(long version) {
    return !isFine() && version <= horizon + 2 * coarseTick && version > horizon - 2 * coarseTick;
  }

  /** Whether no transaction with this version is waited for any more. */
  boolean isOver(long version) {
    return version <= horizon - overlap;
  }
}
