package freshet.replicator.alert;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.Pauses;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a slave's watch sees at one moment.
 *
 * @param at by the clock of the incidents
 * @param age how old what it serves is
 * @param ageLimit how old that may be
 * @param canary what a search for the canary says; null if none is configured
 * @param waitsFor what it waits for, in words
 * @param trouble why pulls don't succeed; null if they do
 * @param pause that keeps pulls from beginning; null if there is none
 * @param standing cities that are paused by themselves; null if none is
 */
public record SlaveObservation(
    Instant at,
    AgeReport age,
    Duration ageLimit,
    @Nullable CanaryReport canary,
    String waitsFor,
    @Nullable PullTrouble trouble,
    @Nullable Pause pause,
    @Nullable Standing standing) {

  /** With no city that is paused by itself. */
  public SlaveObservation(
      Instant at,
      AgeReport age,
      Duration ageLimit,
      @Nullable CanaryReport canary,
      String waitsFor,
      @Nullable PullTrouble trouble,
      @Nullable Pause pause) {
    this(at, age, ageLimit, canary, waitsFor, trouble, pause, null);
  }

  /**
   * Paused cities.
   *
   * @param pauses of them, at least one
   * @param since when the oldest of them was complete last, by the clock of the incidents
   */
  public record Standing(SortedMap<City, Pause> pauses, Instant since) {
    /** Copies the map. */
    public Standing {
      pauses = Collections.unmodifiableSortedMap(new TreeMap<>(pauses));
    }

    /**
     * Of the cities that are served; null if no city is paused.
     *
     * @param ages of the cities that are served
     */
    public static @Nullable Standing of(Pauses paused, SortedMap<City, CityAge> ages, Instant at) {
      return paused.cities().entrySet().stream()
          .map(pause -> since(pause.getValue(), ages.get(pause.getKey()), at))
          .min(Comparator.naturalOrder())
          .map(since -> new Standing(paused.cities(), since))
          .orElse(null);
    }

    /** That of a city which nobody knows the age of counts from its pause on. */
    private static Instant since(Pause pause, @Nullable CityAge city, Instant at) {
      return city != null && city.age() instanceof Age.Known(Duration age)
          ? at.minus(age)
          : pause.at();
    }
  }

  /**
   * Pulls that fail, or are refused.
   *
   * @param kind what kind of trouble
   * @param failure class of the last one
   * @param since when the first of them was
   * @param count how many there were in a row; zero if the remote is silent and no pull has ended
   * @param cause the last one, for people
   */
  public record PullTrouble(Kind kind, String failure, Instant since, int count, String cause) {}

  /**
   * The same, whose remote is known not to answer before a pull has failed by that. While pulls are
   * paused nobody tries, so that it makes no difference.
   *
   * @param why what was asked, and what came of it; null if it answers, or was not asked
   */
  public SlaveObservation withSilence(@Nullable String why) {
    return why == null || trouble != null || pause != null
        ? this
        : new SlaveObservation(
            at,
            age,
            ageLimit,
            canary,
            waitsFor,
            new PullTrouble(Kind.UNREACHABLE, "Unavailable", at, 0, why),
            pause,
            standing);
  }

  /** What kind of trouble, by whom it is put right. */
  public enum Kind {
    /** The remote does not answer, or not to the end. */
    UNREACHABLE,
    /** The remote does not let this slave in. */
    DENIED,
    /** The remote's bytes are not what their digests say. */
    DAMAGED,
    /** What the remote offers is not taken. */
    REFUSED,
    /** The store's disk is full, or fails. */
    DISK
  }
}
