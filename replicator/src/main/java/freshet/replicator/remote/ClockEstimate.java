package freshet.replicator.remote;

import java.time.Duration;

/**
 * How far the clock on the other side is from the one here, measured by a round trip.
 *
 * @param offset remote minus local
 * @param uncertainty the offset is right within plus or minus this
 */
public record ClockEstimate(Duration offset, Duration uncertainty) {
  /** Refuses a negative uncertainty. */
  public ClockEstimate {
    if (uncertainty.isNegative()) {
      throw new IllegalArgumentException("the uncertainty can't be " + uncertainty);
    }
  }
}
