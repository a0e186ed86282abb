package freshet.indexer.session;

import java.time.Duration;

/**
 * For how long a replica has heard nothing of its source, on the replica's clock.
 *
 * @param lasted since the last event or heartbeat
 * @param heartbeat how often the source is to say that it lives; zero if it never does
 */
record Silence(Duration lasted, Duration heartbeat) {
  /** A replica of which nothing can be learned. */
  static final Silence NOT_KNOWN = new Silence(Duration.ZERO, Duration.ZERO);

  private static final Duration SLACK = Duration.ofSeconds(2);

  /** Whether more than one heartbeat is missing. */
  boolean isTooLong() {
    return lasted.compareTo(heartbeat.multipliedBy(2).plus(SLACK)) > 0;
  }

  /** The worse of two channels. */
  Silence or(Silence other) {
    return other.lasted.compareTo(lasted) > 0 || heartbeat.isZero() ? other : this;
  }
}
