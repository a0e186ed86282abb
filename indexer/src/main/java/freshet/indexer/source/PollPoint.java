package freshet.indexer.source;

import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where a poll stands.
 *
 * @param from the position that it resumed at
 * @param horizon the database's clock when it began, less the lag, in microseconds since 1970 UTC
 * @param isLagKnown whether what was committed before the horizon can be seen for certain
 * @param hasLostTransactions whether the server lacks some that are indexed, and will never get
 *     them
 */
record PollPoint(
    SourcePosition from, long horizon, boolean isLagKnown, boolean hasLostTransactions) {

  /** A version for people. */
  static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
