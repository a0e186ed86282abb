package freshet.indexer.session;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * For how long a replica has heard nothing of its source, on the replica's clock.
 *
 * @param lasted since the last event or heartbeat
 * @param heartbeat how often the source is to say that it lives; zero if it never does
 */
public record Silence(Duration lasted, Duration heartbeat) {
  /** Where MySQL keeps it; each needs a grant of its own. */
  public static final List<String> TABLES =
      List.of("replication_connection_status", "replication_connection_configuration");

  /** A replica of which nothing can be learned. */
  static final Silence NOT_KNOWN = new Silence(Duration.ZERO, Duration.ZERO);

  private static final Duration SLACK = Duration.ofSeconds(2);

  /** The longest of several channels, each in microseconds and its heartbeat in seconds. */
  static Silence longest(String channels) {
    Silence longest = NOT_KNOWN;
    for (String channel : channels.split(",", -1)) {
      String[] parts = channel.split(" ", -1);
      Duration lasted = Duration.of(Math.max(0, Long.parseLong(parts[0])), ChronoUnit.MICROS);
      longest = longest.or(new Silence(lasted, seconds(parts[1])));
    }
    return longest;
  }

  /** Seconds as the server writes them, with a fraction. */
  static Duration seconds(String decimal) {
    return Duration.ofMillis(new BigDecimal(decimal).movePointRight(3).longValue());
  }

  /** Whether more than one heartbeat is missing. */
  boolean isTooLong() {
    return lasted.compareTo(heartbeat.multipliedBy(2).plus(SLACK)) > 0;
  }

  /** The worse of two channels. */
  Silence or(Silence other) {
    return other.lasted.compareTo(lasted) > 0 || heartbeat.isZero() ? other : this;
  }
}
