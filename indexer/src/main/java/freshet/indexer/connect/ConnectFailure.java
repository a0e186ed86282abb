package freshet.indexer.connect;

import java.time.Duration;

/** A connect that did not come about. Its cause is what driver, socket or resolver reported. */
public final class ConnectFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Endpoint endpoint;
  private final transient ConnectTimings timings;
  private final ConnectPhase phase;
  private final boolean isTimedOut;

  ConnectFailure(
      Endpoint endpoint,
      ConnectPhase phase,
      boolean isTimedOut,
      Duration after,
      ConnectTimings timings,
      Throwable cause) {
    super(
        "%s: %s while %s, after %d ms %s: %s"
            .formatted(
                endpoint,
                isTimedOut ? "gave up" : "failed",
                phase,
                after.toMillis(),
                inMillis(timings),
                DriverMessages.inOneLine(cause)),
        cause);
    this.endpoint = endpoint;
    this.timings = timings;
    this.phase = phase;
    this.isTimedOut = isTimedOut;
  }

  /** The server. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** How long each phase took; the last one was left by the failure. */
  public ConnectTimings timings() {
    return timings;
  }

  /** The phase in which it ended. */
  public ConnectPhase phase() {
    return phase;
  }

  /** Whether a deadline of ours ended it. */
  public boolean isTimedOut() {
    return isTimedOut;
  }

  private static String inMillis(ConnectTimings timings) {
    StringBuilder text = new StringBuilder("(");
    timings
        .phases()
        .forEach(
            (phase, took) ->
                text.append(text.length() > 1 ? ", " : "")
                    .append(phase.name().toLowerCase(java.util.Locale.ROOT))
                    .append(' ')
                    .append(took.toMillis()));
    return text.append(')').toString();
  }
}
