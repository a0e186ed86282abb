package freshet.replicator.http;

import java.time.Duration;

/**
 * How slow a peer may be that takes an answer or sends a body. An idle time-out does not bound
 * that: a byte a minute keeps a connection alive, in a place that others wait for.
 *
 * @param bytesPerSecond that it has to take on average, while it is what is waited for
 * @param over how long it is watched before that counts; no single write waits longer
 */
public record SlowestPeer(long bytesPerSecond, Duration over) {
  private static final int MILLIS = 1000;

  /** What slaves expect of a server by default: 4 KiB/s; over 30 s. */
  public static final SlowestPeer DEFAULT = new SlowestPeer(4096, Duration.ofSeconds(30));

  /** Checks the ranges. */
  public SlowestPeer {
    if (bytesPerSecond < 1 || !over.isPositive()) {
      throw new IllegalArgumentException(
          "at least 1 byte a second over a positive time, not %d over %s"
              .formatted(bytesPerSecond, over));
    }
  }

  /** Whether so much in that time is too little. */
  boolean isSlow(long bytes, Duration waited) {
    return bytes < bytesPerSecond * (waited.toMillis() / (double) MILLIS);
  }

  /** How long a body of that many bytes may take as a whole. */
  Duration longest(long bytes) {
    return over.plusMillis(bytes * MILLIS / bytesPerSecond);
  }
}
