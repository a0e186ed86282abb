package freshet.replicator.freshness;

import freshet.replicator.pause.Pause;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the age again and again, and remembers what the last look concluded of the clocks, so
 * that a wall clock that steps back makes nothing younger. Thread-safe.
 */
public final class AgeWatch {
  private final AgeCalculator calculator;
  private @Nullable DatabaseTime last;

  /** See {@link AgeCalculator#AgeCalculator}. */
  public AgeWatch(Duration maxSkew) {
    this.calculator = new AgeCalculator(maxSkew);
  }

  /**
   * The age now.
   *
   * @param served null if nothing is
   * @param next null if nothing newer is known
   * @param master the best estimate of the master's clock; null before the first contact
   */
  public synchronized AgeReport look(
      @Nullable ServedState served,
      @Nullable NextState next,
      @Nullable ClockEstimate master,
      ClockReading now) {
    return served == null
        ? AgeReport.ofNothing()
        : calculator.report(served, next, databaseTime(served, master, now));
  }

  /**
   * The age of every city now; see {@link #look}.
   *
   * @param paused cities that stand still here
   */
  public synchronized SortedMap<City, CityAge> cities(
      ServedState served,
      @Nullable ClockEstimate master,
      ClockReading now,
      Map<City, Pause> paused) {
    return calculator.perCity(served, databaseTime(served, master, now), paused);
  }

  /** What the canary says now, by its last sighting; see {@link #look}. */
  public synchronized CanaryReport canary(
      Canary canary,
      Canary.Sighting sighting,
      @Nullable ServedState served,
      @Nullable ClockEstimate master,
      ClockReading now) {
    return served == null
        ? CanaryReport.unknown(canary, "nothing is served yet")
        : CanaryReport.of(canary, sighting, databaseTime(served, master, now));
  }

  private DatabaseTime databaseTime(
      ServedState served, @Nullable ClockEstimate master, ClockReading now) {
    DatabaseTime database = calculator.databaseTime(last, served, master, now);
    last = database;
    return database;
  }
}
