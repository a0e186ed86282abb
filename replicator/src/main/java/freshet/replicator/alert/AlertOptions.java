package freshet.replicator.alert;

import java.time.Duration;

/**
 * When alerts are sent.
 *
 * @param ageLimit the oldest that anything served may be
 * @param clearBelow the age below which it counts as well again; under the limit, so that an age
 *     that swings around it is one incident
 * @param pendingFor how long something must be wrong before anybody is told
 * @param clearFor how long it must be well before it counts as over
 * @param repeatEvery how often a lasting incident is sent again
 */
public record AlertOptions(
    Duration ageLimit,
    Duration clearBelow,
    Duration pendingFor,
    Duration clearFor,
    Duration repeatEvery) {

  /** Refuses what would alert always or never. */
  public AlertOptions {
    if (!ageLimit.isPositive() || clearBelow.isNegative() || clearBelow.compareTo(ageLimit) > 0) {
      throw new IllegalArgumentException(
          "the age limit %s must be positive and not below the clearing age %s"
              .formatted(ageLimit, clearBelow));
    }
    if (pendingFor.isNegative() || clearFor.isNegative() || !repeatEvery.isPositive()) {
      throw new IllegalArgumentException("an alert needs durations that are not negative");
    }
  }

  /** For an age limit: cleared at four fifths of it, and sent again every four hours. */
  public static AlertOptions forLimit(Duration ageLimit) {
    return new AlertOptions(
        ageLimit,
        ageLimit.multipliedBy(4).dividedBy(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofHours(4));
  }
}
