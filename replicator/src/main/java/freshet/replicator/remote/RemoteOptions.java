package freshet.replicator.remote;

import java.time.Duration;

/**
 * How long to be patient with a remote.
 *
 * @param connectTimeout for name, TCP and TLS
 * @param headerTimeout from the request to the answer's headers; a long poll's wait comes on top
 * @param bodyGap how long a body may pause
 * @param minBytesPerSecond below which a body counts as stalled, over ten seconds of waiting for it
 * @param pollInterval between questions to a remote that does not hold a long poll
 * @param access who asks, and how
 */
public record RemoteOptions(
    Duration connectTimeout,
    Duration headerTimeout,
    Duration bodyGap,
    long minBytesPerSecond,
    Duration pollInterval,
    RemoteAccess access) {

  /** Refuses what would wait for ever. */
  public RemoteOptions {
    requirePositive("connect timeout", connectTimeout);
    requirePositive("header timeout", headerTimeout);
    requirePositive("body gap", bodyGap);
    requirePositive("poll interval", pollInterval);
    if (minBytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "the minimum rate is at least 1 byte a second, found " + minBytesPerSecond);
    }
  }

  /** What suits a network that works: 3 s, 5 s, 5 s, 4 KiB/s, 1 s. */
  public static RemoteOptions defaults() {
    return new RemoteOptions(
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        4096,
        Duration.ofSeconds(1),
        RemoteAccess.DEFAULT);
  }

  /** The same, approached otherwise. */
  public RemoteOptions with(RemoteAccess other) {
    return new RemoteOptions(
        connectTimeout, headerTimeout, bodyGap, minBytesPerSecond, pollInterval, other);
  }

  private static void requirePositive(String what, Duration duration) {
    if (!duration.isPositive() || duration.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "the %s lies above zero and is at most an hour, found %s".formatted(what, duration));
    }
  }
}
