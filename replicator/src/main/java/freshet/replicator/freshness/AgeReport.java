package freshet.replicator.freshness;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old what a slave serves is.
 *
 * @param age that of its oldest city; unknown if a city was never complete
 * @param oldest the city that it is the age of; null without cities
 * @param readThrough up to when on the database's clock that city is complete; null if never
 * @param cities how many are served
 * @param neverComplete how many of them were never complete
 * @param oldestKnown the age of the oldest city that has one; null if none has
 * @param stages of the age; of the oldest known one if the age is unknown
 * @param clock what the database's clock was concluded from, for people
 */
public record AgeReport(
    Age age,
    @Nullable City oldest,
    @Nullable Instant readThrough,
    int cities,
    int neverComplete,
    @Nullable Duration oldestKnown,
    StageAges stages,
    String clock) {

  /** Of a slave that serves nothing. */
  static AgeReport ofNothing() {
    return new AgeReport(
        new Age.Unknown("nothing is served yet"),
        null,
        null,
        0,
        0,
        null,
        StageAges.NONE,
        "no clock was needed");
  }
}
