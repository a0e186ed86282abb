package freshet.indexer.connect;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;

/** Failures of connects, for tests that make none. */
public final class ConnectFailures {
  private ConnectFailures() {}

  /** One that a deadline of ours ended in a phase. */
  public static ConnectFailure timedOut(Endpoint endpoint, ConnectPhase phase, long millis) {
    return new ConnectFailure(
        endpoint, phase, true, after(millis), timings(phase, millis), new SocketTimeoutException());
  }

  /** One that the other side ended in a phase. */
  public static ConnectFailure lost(Endpoint endpoint, ConnectPhase phase, long millis) {
    return new ConnectFailure(
        endpoint,
        phase,
        false,
        after(millis),
        timings(phase, millis),
        new SocketException("reset"));
  }

  private static ConnectTimings timings(ConnectPhase phase, long millis) {
    return new ConnectTimings(Map.of(phase, after(millis)));
  }

  private static Duration after(long millis) {
    return Duration.ofMillis(millis);
  }
}
