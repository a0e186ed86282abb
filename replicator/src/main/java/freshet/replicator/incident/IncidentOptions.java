package freshet.replicator.incident;

import java.time.Duration;

/**
 * When somebody is told.
 *
 * @param pendingFor how long something must be wrong before; it is told earlier once the limit of
 *     the age is crossed, unless somebody knows of that already
 * @param clearFor how long it must be well before it counts as over
 * @param repeatEvery how often a lasting incident is told again
 * @param flapWindow what comes back within this time is flapping, and must then be well for as long
 *     before it counts as over
 */
public record IncidentOptions(
    Duration pendingFor, Duration clearFor, Duration repeatEvery, Duration flapWindow) {
  /** A minute each, reminders every four hours, ten minutes for flapping. */
  public static final IncidentOptions DEFAULT =
      new IncidentOptions(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofHours(4),
          Duration.ofMinutes(10));

  /** Refuses what would tell always or never. */
  public IncidentOptions {
    if (pendingFor.isNegative() || clearFor.isNegative() || !repeatEvery.isPositive()) {
      throw new IllegalArgumentException(
          "durations that are not negative are expected, found pending %s, clear %s, repeat %s"
              .formatted(pendingFor, clearFor, repeatEvery));
    }
    if (flapWindow.compareTo(clearFor) < 0) {
      throw new IllegalArgumentException(
          "the flap window %s must not be shorter than the %s after which an incident is over"
              .formatted(flapWindow, clearFor));
    }
  }
}
