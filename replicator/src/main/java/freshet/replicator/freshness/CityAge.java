package freshet.replicator.freshness;

import freshet.replicator.pause.Pause;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old what is served of one city is.
 *
 * @param city the city
 * @param age of it
 * @param readThrough up to when on the database's clock it is complete; null if it never was
 * @param stages of the age, which add up to it; none of an unknown one
 * @param paused by whom this city is paused, and until when; null if it is not
 */
public record CityAge(
    City city, Age age, @Nullable Instant readThrough, StageAges stages, @Nullable Pause paused) {

  /** What its pause says; null if it is not paused. */
  public @Nullable String pauseSentence() {
    return paused == null ? null : paused.sentence();
  }

  /**
   * Such as {@code city berlin: at most 1.8 s, complete through 2026-03-01T12:00:00Z: waiting for
   * poll 1.2 s, poll 600 ms}.
   */
  public String sentence() {
    String known =
        switch (age) {
          case Age.Known(Duration atMost) ->
              "at most %s, complete through %s".formatted(Words.duration(atMost), readThrough);
          case Age.Unknown(String reason) -> "unknown: " + reason;
        };
    String parts = stages.sentence();
    return "city %s: %s%s%s"
        .formatted(
            city,
            known,
            parts.isEmpty() ? "" : ": " + parts,
            paused == null ? "" : "; " + paused.sentence());
  }
}
