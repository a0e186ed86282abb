package freshet.replicator.freshness;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What this host knows of the master's clock, from a round trip.
 *
 * @param offset master minus this host's wall clock
 * @param uncertainty the offset is right within plus or minus this
 * @param at when the answer came
 */
public record ClockEstimate(Duration offset, Duration uncertainty, ClockReading at) {
  private static final Duration RESOLUTION = Duration.ofMillis(1);

  /**
   * How far two clocks may run apart, as a divisor: 500 parts per million each, the most that Linux
   * lets NTP correct.
   */
  private static final int DRIFT_DIVISOR = 1_000;

  /** Refuses what is no uncertainty. */
  public ClockEstimate {
    if (uncertainty.isNegative()) {
      throw new IllegalArgumentException("uncertainty " + uncertainty);
    }
  }

  /**
   * From one request: the master read its clock after it was sent and before the answer came.
   *
   * @param master what the master's clock showed
   */
  public static ClockEstimate ofRoundTrip(
      ClockReading sent, Instant master, ClockReading received) {
    Duration elapsed = received.since(sent);
    Duration half = elapsed.dividedBy(2);
    return new ClockEstimate(
        Duration.between(received.wall().minus(half), master),
        half.plus(drift(elapsed)).plus(RESOLUTION),
        received);
  }

  /**
   * The better of two: the newer one, unless it is less certain than the older has become by now.
   * One from before this host's wall clock stepped is not kept.
   */
  public static ClockEstimate better(@Nullable ClockEstimate older, ClockEstimate newer) {
    if (older == null) {
      return newer;
    }
    Duration aged = older.uncertainty.plus(drift(newer.at.since(older.at)));
    boolean hasStepped = newer.at.stepSince(older.at).abs().compareTo(aged) > 0;
    return hasStepped || newer.uncertainty.compareTo(aged) <= 0 ? newer : older;
  }

  /** The most that a clock which showed a duration may have missed of it. */
  static Duration drift(Duration elapsed) {
    return elapsed.dividedBy(DRIFT_DIVISOR);
  }

  /** The latest that the master's clock can show, when this host's wall clock shows this. */
  Instant latestAt(Instant wall) {
    return wall.plus(offset).plus(uncertainty);
  }
}
