package freshet.replicator.page;

import freshet.replicator.freshness.Age;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import java.util.List;
import java.util.Map;

/**
 * A city that is served.
 *
 * @param city the city
 * @param age of it
 * @param documents of it
 * @param bytes of its files
 */
public record CityRow(City city, Age age, long documents, long bytes) {
  private static final Age UNKNOWN = new Age.Unknown("it is new");

  /** All of a snapshot. */
  public static List<CityRow> all(Snapshot snapshot, Map<City, Age> ages) {
    return snapshot.cities().values().stream()
        .map(
            entry ->
                new CityRow(
                    entry.city(),
                    ages.getOrDefault(entry.city(), UNKNOWN),
                    entry.documents(),
                    entry.bytes()))
        .toList();
  }
}
