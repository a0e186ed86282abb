package freshet.replicator.freshness;

import freshet.replicator.pause.FrozenCity;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Snapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What queries see.
 *
 * @param snapshot that is served
 * @param advertisement the newest one of this very snapshot: a newer snapshot's says nothing of
 *     this one
 * @param heardAt when it came, or was read from disk after a start
 * @param pulled null if an earlier process pulled it
 * @param frozen cities that are paused here and served as they were, of which the advertisement
 *     says nothing
 */
public record ServedState(
    Snapshot snapshot,
    Advertisement advertisement,
    ClockReading heardAt,
    @Nullable PullTimes pulled,
    SortedMap<City, FrozenCity> frozen) {

  /** Refuses an advertisement of another snapshot, whose claims would make this one look young. */
  public ServedState {
    if (!advertisement.generation().equals(snapshot.generation())
        || !Objects.equals(advertisement.manifest(), snapshot.manifestDigest())) {
      throw new IllegalArgumentException(
          "the advertisement is of %s, what is served is %s"
              .formatted(advertisement.generation(), snapshot.generation()));
    }
    frozen = Collections.unmodifiableSortedMap(new TreeMap<>(frozen));
  }

  /** With all cities as the snapshot was published. */
  public ServedState(
      Snapshot snapshot,
      Advertisement advertisement,
      ClockReading heardAt,
      @Nullable PullTimes pulled) {
    this(snapshot, advertisement, heardAt, pulled, Collections.emptySortedMap());
  }

  /** The cities that are not frozen. */
  public ServedState withoutFrozen() {
    if (frozen.isEmpty()) {
      return this;
    }
    SortedMap<City, CityEntry> others = new TreeMap<>(snapshot.cities());
    others.keySet().removeAll(frozen.keySet());
    return new ServedState(
        new Snapshot(snapshot.manifest(), snapshot.manifestDigest(), others),
        advertisement,
        heardAt,
        pulled);
  }

  /** Up to when on the database's clock a city of it is complete. Empty: it never was. */
  Optional<Instant> readThrough(CityEntry entry) {
    FrozenCity was = frozen.get(entry.city());
    return was == null ? advertisement.readThrough(entry) : Optional.ofNullable(was.readThrough());
  }
}
