package freshet.replicator.pause;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Snapshot;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a slave shows: the newest snapshot, but for paused cities, which it shows as they were.
 * Pure.
 *
 * @param snapshot what queries see: the newest one, with the entries of paused cities in the place
 *     of their newest
 * @param frozen the cities of it that are shown as they were
 * @param passed paused cities that are shown as they are all the same, with why
 */
public record ShownCities(
    Snapshot snapshot, SortedMap<City, FrozenCity> frozen, SortedMap<City, String> passed) {

  /** Copies the maps. */
  public ShownCities {
    frozen = Collections.unmodifiableSortedMap(new TreeMap<>(frozen));
    passed = Collections.unmodifiableSortedMap(new TreeMap<>(passed));
  }

  /**
   * Decides for each city which commit is shown.
   *
   * @param newest what the store has, of the cities that it holds
   * @param held those that it is to hold: of others it has no files any more
   * @param frozen what is known of paused cities; one whose pause does not hold counts for nothing
   * @param pauses that hold now
   */
  public static ShownCities of(
      Snapshot newest, CitySubset held, Map<City, FrozenCity> frozen, Pauses pauses) {
    SortedMap<City, CityEntry> cities = new TreeMap<>(newest.cities());
    SortedMap<City, FrozenCity> shown = new TreeMap<>();
    SortedMap<City, String> passed = new TreeMap<>();
    frozen.forEach(
        (city, was) -> {
          if (!pauses.cities().containsKey(city) || !held.includes(city)) {
            return;
          }
          if (!was.schema().equals(newest.manifest().schema())) {
            passed.put(
                city,
                "the schema has changed from %s to %s since, and one search goes by one schema"
                    .formatted(was.schema().brief(), newest.manifest().schema().brief()));
            return;
          }
          cities.put(city, was.entry());
          shown.put(city, was);
        });
    Snapshot snapshot =
        shown.isEmpty() ? newest : new Snapshot(newest.manifest(), newest.manifestDigest(), cities);
    return new ShownCities(snapshot, shown, passed);
  }
}
