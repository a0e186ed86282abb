package freshet.replicator.page;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A city that is served.
 *
 * @param city the city
 * @param age of it
 * @param stages of that age
 * @param paused by whom it is paused, and until when; null if it is not
 * @param documents of it
 * @param bytes of its files
 */
public record CityRow(
    City city, Age age, StageAges stages, @Nullable String paused, long documents, long bytes) {
  private static final Age UNKNOWN = new Age.Unknown("it is new");

  /** One that is not paused, of whose age no stages are known. */
  public CityRow(City city, Age age, long documents, long bytes) {
    this(city, age, StageAges.NONE, null, documents, bytes);
  }

  /** All of a snapshot. */
  public static List<CityRow> all(Snapshot snapshot, Map<City, CityAge> ages) {
    return snapshot.cities().values().stream()
        .map(entry -> of(entry, ages.get(entry.city())))
        .toList();
  }

  private static CityRow of(CityEntry entry, @Nullable CityAge age) {
    return age == null
        ? new CityRow(entry.city(), UNKNOWN, entry.documents(), entry.bytes())
        : new CityRow(
            entry.city(),
            age.age(),
            age.stages(),
            age.pauseSentence(),
            entry.documents(),
            entry.bytes());
  }
}
