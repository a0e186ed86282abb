package freshet.indexer.schedule;

import freshet.replicator.snapshot.City;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * How long a city waits that is far behind and failed again and again: after the second failure in
 * a row a random time of up to two seconds, then of up to twice as long each time, up to a minute
 * (full jitter), so that cities that failed for one cause do not come back in step. Used by one
 * thread at a time.
 */
public final class CityBackoff {
  /** A city that is healed waits this long at most. */
  static final Duration LONGEST = Duration.ofMinutes(1);

  private static final IntervalFunction BOUNDS =
      IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(2), 2.0, LONGEST);

  /** By then the bound is the longest. */
  private static final int MOST_DOUBLINGS = 10;

  /**
   * A city that failed.
   *
   * @param failures in a row
   * @param next when it is tried again; whenever there is a poll, if that is past
   */
  private record Waiting(int failures, Instant next) {}

  private final RandomGenerator random;
  private final SortedMap<City, Waiting> cities = new TreeMap<>();

  /** No city waits. */
  public CityBackoff(RandomGenerator random) {
    this.random = random;
  }

  /** Notes that a city failed once more; the first time it does not wait. */
  void failed(City city, Instant now) {
    Waiting before = cities.get(city);
    int failures = before == null ? 1 : before.failures + 1;
    Instant next = failures == 1 ? now : now.plusMillis(drawn(failures - 1));
    cities.put(city, new Waiting(failures, next));
  }

  private long drawn(int repeated) {
    return (long) (BOUNDS.apply(Math.min(repeated, MOST_DOUBLINGS)) * random.nextDouble());
  }

  /** Notes that a city got on. */
  void gotOn(City city) {
    cities.remove(city);
  }

  /** Forgets all cities but these. */
  void keep(Set<City> behind) {
    cities.keySet().retainAll(behind);
  }

  /** The cities whose time has not come. */
  SortedSet<City> waiting(Instant now) {
    return new TreeSet<>(nextTries(now).keySet());
  }

  /** When that is. A clock that was set back makes nobody wait for longer than the bound. */
  SortedMap<City, Instant> nextTries(Instant now) {
    SortedMap<City, Instant> next = new TreeMap<>();
    cities.forEach(
        (city, waiting) -> {
          if (waiting.next.isAfter(now) && !waiting.next.isAfter(now.plus(LONGEST))) {
            next.put(city, waiting.next);
          }
        });
    return Collections.unmodifiableSortedMap(next);
  }
}
