package freshet.replicator.publish;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a rollback changes over the current snapshot: its cities are named as an older one has them,
 * and are behind since. Pure.
 *
 * @param changes to publish
 * @param before what was advertised, less what is not true of older files
 */
record Rollback(Changes changes, Claims.Advertised before) {

  /** The rollback of these cities, where the older snapshot or the current one has them. */
  static Rollback of(
      Claims.Advertised current,
      Snapshot to,
      Set<City> cities,
      Map<City, PublisherState.Alias> aliases) {
    SortedMap<City, CityEntry> all = new TreeMap<>(current.snapshot().cities());
    List<CityEntry> entries = new ArrayList<>();
    List<City> removed = new ArrayList<>();
    Advertisement latest = current.advertisement();
    Map<City, @Nullable Instant> exceptions = new TreeMap<>(latest.exceptions());
    for (City city : cities) {
      CityEntry old = to.cities().get(city);
      if (old == null) {
        if (all.remove(city) != null) {
          removed.add(city);
        }
        continue;
      }
      CityEntry behind =
          new CityEntry(
              city,
              old.incarnation(),
              old.commit(),
              old.manifest(),
              old.documents(),
              old.bytes(),
              old.readThrough(),
              old.behind() == null ? to.manifest().position() : old.behind());
      entries.add(behind);
      all.put(city, behind);
      exceptions.put(city, old.readThrough());
    }
    Advertisement lowered =
        new Advertisement(
            latest.format(),
            latest.minReader(),
            latest.repository(),
            latest.generation(),
            latest.manifest(),
            latest.advertisedAt(),
            latest.readThrough(),
            exceptions,
            latest.clock(),
            latest.times(),
            latest.upcoming(),
            latest.rebuilt(),
            latest.expires(),
            latest.signature());
    return new Rollback(
        new Changes(entries, removed, List.copyOf(all.values()), List.of(), aliases),
        new Claims.Advertised(current.snapshot(), lowered));
  }
}
