package freshet.replicator.freshness;

import freshet.replicator.pause.Pause;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Ages from what is served and what is known of clocks. Pure: it keeps nothing between calls; see
 * {@link AgeWatch} for what has to be remembered.
 */
public final class AgeCalculator {
  private final Duration maxSkew;

  /**
   * For a host whose clock is trusted that far.
   *
   * @param maxSkew by how much this host's wall clock may differ from the database's, where no
   *     master is there to compare with
   */
  public AgeCalculator(Duration maxSkew) {
    if (maxSkew.isNegative()) {
      throw new IllegalArgumentException("skew " + maxSkew);
    }
    this.maxSkew = maxSkew;
  }

  /** The latest that the database's clock can show now. */
  public DatabaseTime databaseTime(
      @Nullable DatabaseTime previous,
      ServedState served,
      @Nullable ClockEstimate master,
      ClockReading now) {
    return DatabaseTime.estimate(previous, served, master, maxSkew, now);
  }

  /**
   * The age of every city, with its stages.
   *
   * @param paused cities that stand still here
   */
  public SortedMap<City, CityAge> perCity(
      ServedState served, DatabaseTime database, Map<City, Pause> paused) {
    SortedMap<City, CityAge> ages = new TreeMap<>();
    for (CityEntry entry : served.snapshot().cities().values()) {
      City city = entry.city();
      Instant complete = served.readThrough(entry).orElse(null);
      Pause pause = paused.get(city);
      if (complete == null) {
        ages.put(city, new CityAge(city, neverComplete(city, 1), null, StageAges.NONE, pause));
        continue;
      }
      Duration age = age(complete, database);
      StageAges stages = Stages.of(age, complete, served, null, database.basis(), database.at());
      ages.put(city, new CityAge(city, new Age.Known(age), complete, stages, pause));
    }
    return ages;
  }

  /** The age of the whole, with its stages. */
  public AgeReport report(ServedState served, @Nullable NextState next, DatabaseTime database) {
    Advertisement advertisement = served.advertisement();
    City oldest = null;
    Instant readThrough = null;
    City never = null;
    int nevers = 0;
    for (CityEntry entry : served.snapshot().cities().values()) {
      Optional<Instant> complete = served.readThrough(entry);
      if (complete.isEmpty()) {
        never = never == null ? entry.city() : never;
        nevers++;
      } else if (readThrough == null || complete.get().isBefore(readThrough)) {
        readThrough = complete.get();
        oldest = entry.city();
      }
    }
    int cities = served.snapshot().cities().size();
    if (cities == 0) {
      // An empty table that was read to its end is fresh, too.
      readThrough = advertisement.readThrough();
    }
    Duration known = readThrough == null ? null : age(readThrough, database);
    StageAges stages =
        readThrough == null || known == null
            ? StageAges.NONE
            : Stages.of(known, readThrough, served, next, database.basis(), database.at());
    String clock = describe(database);
    if (never != null) {
      Age unknown = neverComplete(never, nevers);
      return new AgeReport(unknown, never, null, cities, nevers, known, stages, clock);
    }
    Age age =
        known == null
            ? new Age.Unknown("the master has not read the database to its end yet")
            : new Age.Known(known);
    return new AgeReport(age, oldest, readThrough, cities, 0, known, stages, clock);
  }

  private static Age neverComplete(City first, int cities) {
    return new Age.Unknown(
        cities == 1
            ? "city " + first + " was never complete"
            : "city %s and %d more were never complete".formatted(first, cities - 1));
  }

  private static Duration age(Instant readThrough, DatabaseTime database) {
    Duration age = Duration.between(readThrough, database.latest());
    return age.isNegative() ? Duration.ZERO : age;
  }

  private String describe(DatabaseTime database) {
    ClockEstimate basis = database.basis();
    return basis == null
        ? "this host's clock, trusted within " + Words.duration(maxSkew)
        : "the master's clock within %s, measured %s ago"
            .formatted(
                Words.duration(basis.uncertainty()),
                Words.duration(database.at().since(basis.at())));
  }
}
