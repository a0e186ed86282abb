package freshet.indexer.source;

import freshet.indexer.session.Lag;
import freshet.indexer.session.ServerState;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
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

  /** What everything is known of that was committed before, as far as the lag is known. */
  static long horizon(ServerState state, Lag lag) {
    return lag instanceof Lag.Known(Duration atMost)
        ? state.nowMicros() - atMost.toNanos() / 1_000
        : state.nowMicros();
  }

  /** A version for people. */
  static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
