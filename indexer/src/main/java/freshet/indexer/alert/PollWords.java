package freshet.indexer.alert;

import freshet.indexer.alert.ConnectHistory.Connects;
import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.session.SourceException;
import freshet.replicator.freshness.Words;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why the database can't be read, with the numbers. Pure. */
final class PollWords {
  private static final double MILLIS = 1000.0;

  private PollWords() {}

  /**
   * In words.
   *
   * @param cause what was thrown
   * @param message of it, where nothing better is known
   */
  static String of(@Nullable Throwable cause, String message, Connects connects) {
    ConnectFailure failure =
        cause instanceof SourceException && cause.getCause() instanceof ConnectFailure connect
            ? connect
            : null;
    if (failure == null) {
      int failed = connects.failed() + connects.failedQueries();
      return failed == 0
          ? message
          : "%s; %d of the last %s failed"
              .formatted(
                  message,
                  failed,
                  Count.of(
                      connects.count() + connects.failedQueries(),
                      "connect or query",
                      "connects and queries"));
    }
    boolean isLate = failure.isTimedOut() || cause instanceof SourceException.HandshakeTimedOut;
    StringBuilder text = new StringBuilder(isLate ? notInTime(failure) : message);
    text.append(
        ", %d of the last %s".formatted(connects.failed(), Count.of(connects.count(), "connect")));
    if (connects.abortedGrowth() != null) {
      text.append("; Aborted_connects +%,d".formatted(connects.abortedGrowth()));
    }
    if (connects.failed() > 0) {
      text.append(
          "; slaves were pulling during %s"
              .formatted(share(connects.whileServing(), connects.failed())));
    }
    return text.toString();
  }

  private static String share(int some, int all) {
    return some == 0 ? "none of them" : "%d of the %d".formatted(some, all);
  }

  private static String notInTime(ConnectFailure failure) {
    Duration waited = failure.timings().phases().getOrDefault(failure.phase(), Duration.ZERO);
    // Deadlines are mostly whole seconds, and end a few milliseconds late.
    String within =
        waited.toSeconds() > 0 && waited.toSeconds() < 60
            ? Math.round(waited.toMillis() / MILLIS) + " s"
            : Words.duration(waited);
    String form =
        switch (failure.phase()) {
          case RESOLVE -> "name not resolved within %s: %s";
          case TCP -> "TCP not connected within %s to %s";
          case GREETING -> "greeting not received within %s from %s";
          case TLS -> "TLS not negotiated within %s with %s";
          case AUTHENTICATION -> "authentication not answered within %s by %s";
          case SESSION -> "session not set up within %s by %s";
        };
    return form.formatted(within, failure.endpoint());
  }
}
