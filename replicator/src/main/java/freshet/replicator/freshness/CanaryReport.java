package freshet.replicator.freshness;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the canary says of what is served.
 *
 * @param canary that was searched for
 * @param age the database's clock less the time that the canary holds: from end to end, and as much
 *     more as passed since its row was written
 * @param written the time that it holds; null if it was not found
 */
public record CanaryReport(Canary canary, Age age, @Nullable Instant written) {
  /**
   * How far a time may be ahead of the database's clock and counts as now: a row is written by the
   * source's clock, and the one that is measured is the polled replica's.
   */
  private static final Duration FORGIVEN = Duration.ofSeconds(10);

  /** What follows from a search at this time of the database. */
  static CanaryReport of(Canary canary, Canary.Sighting sighting, DatabaseTime database) {
    return switch (sighting) {
      case Canary.Seen(Instant written) ->
          new CanaryReport(canary, age(Duration.between(written, database.latest())), written);
      case Canary.Unseen(String why) -> unknown(canary, why);
    };
  }

  /** Of a canary that tells nothing. */
  static CanaryReport unknown(Canary canary, String why) {
    return new CanaryReport(canary, new Age.Unknown(why), null);
  }

  /**
   * How far what is served is behind at the least: the row may have been as old as it becomes when
   * it was read. Null if the age is unknown.
   */
  public @Nullable Duration atLeast() {
    return switch (age) {
      case Age.Known(Duration atMost) -> notNegative(atMost.minus(canary.every()));
      case Age.Unknown unknown -> null;
    };
  }

  /** Such as {@code document 0 of city heartbeat, written 2.1 s ago, at 2026-03-01T12:00:00Z}. */
  public String sentence() {
    return switch (age) {
      case Age.Known(Duration atMost) ->
          "%s, written %s ago, at %s".formatted(canary, Words.duration(atMost), written);
      case Age.Unknown(String reason) -> "%s, tells no time: %s".formatted(canary, reason);
    };
  }

  private static Age age(Duration since) {
    Duration ahead = since.negated();
    return ahead.compareTo(FORGIVEN) > 0
        ? new Age.Unknown(
            "it holds a time %s ahead of the database's clock: the database's own time in UTC, or of its field's zone, is expected"
                .formatted(Words.duration(ahead)))
        : new Age.Known(notNegative(since));
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
