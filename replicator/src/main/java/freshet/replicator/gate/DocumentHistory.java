package freshet.replicator.gate;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The most documents that each city was published with, hour by hour. What moves to another city is
 * taken off, so that a renamed city is not missed. Not thread-safe.
 */
final class DocumentHistory {
  private static final Duration REACH = Duration.ofHours(24);
  private static final long HOUR_SECONDS = 3600;

  private final SortedMap<City, Counts> cities = new TreeMap<>();

  /**
   * A city's counts.
   *
   * @param last what it is published with
   * @param hours the most of each hour, by the hour's number since 1970 UTC; one in which nothing
   *     changed is missing
   */
  record Counts(long last, NavigableMap<Long, Long> hours) {
    Counts {
      hours = Collections.unmodifiableNavigableMap(new TreeMap<>(hours));
    }
  }

  /** Nothing was published yet. */
  DocumentHistory() {}

  /** With what was known before. */
  DocumentHistory(Map<City, Counts> known) {
    cities.putAll(known);
  }

  SortedMap<City, Counts> counts() {
    return Collections.unmodifiableSortedMap(cities);
  }

  /** The most that a city had within the last 24 h; empty if it was never published. */
  OptionalLong most(City city, Instant now) {
    Counts counts = cities.get(city);
    if (counts == null) {
      return OptionalLong.empty();
    }
    long most = counts.last;
    for (long count : counts.hours.tailMap(hour(now.minus(REACH)), true).values()) {
      most = Math.max(most, count);
    }
    return OptionalLong.of(most);
  }

  /** What a city is published with; 0 if it is not. */
  long last(City city) {
    Counts counts = cities.get(city);
    return counts == null ? 0 : counts.last;
  }

  /** Notes that a city is published with so many from now on. */
  void record(City city, long documents, Instant now) {
    Counts before = cities.get(city);
    NavigableMap<Long, Long> hours = new TreeMap<>();
    long most = documents;
    if (before != null) {
      hours.putAll(before.hours.tailMap(hour(now.minus(REACH)), true));
      // It had these until now, for however long.
      most = Math.max(most, before.last);
    }
    hours.merge(hour(now), most, Math::max);
    cities.put(city, new Counts(documents, hours));
  }

  /** Notes that so many documents left a city for another one. */
  void lower(City city, long documents) {
    cities.computeIfPresent(
        city,
        (key, before) -> {
          NavigableMap<Long, Long> hours = new TreeMap<>(before.hours);
          hours.replaceAll((hour, count) -> Math.max(0, count - documents));
          return new Counts(Math.max(0, before.last - documents), hours);
        });
  }

  /** Forgets what a city had. */
  void forget(City city) {
    cities.remove(city);
  }

  /** Documents that the cities of a publication have more than they are published with. */
  long gained(Map<City, Long> counts) {
    return counts.entrySet().stream()
        .mapToLong(city -> Math.max(0, city.getValue() - last(city.getKey())))
        .sum();
  }

  private static long hour(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), HOUR_SECONDS);
  }
}
