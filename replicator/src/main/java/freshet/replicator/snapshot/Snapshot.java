package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A snapshot with its list of cities resolved over all its bases.
 *
 * @param manifest the newest manifest of the chain
 * @param manifestDigest digest of that manifest's bytes
 * @param cities every city of the snapshot
 */
public record Snapshot(
    SnapshotManifest manifest, Digest manifestDigest, SortedMap<City, CityEntry> cities) {

  /** Copies the map. */
  public Snapshot {
    cities = Collections.unmodifiableSortedMap(new TreeMap<>(cities));
  }

  /** The snapshot of a manifest that lists all its cities. */
  public static Snapshot full(SnapshotManifest manifest, Digest digest) {
    if (manifest.base() != null) {
      throw new IllegalArgumentException(
          "snapshot %s is a change of %s".formatted(manifest.generation(), manifest.base()));
    }
    return over(new TreeMap<>(), manifest, digest);
  }

  /**
   * This snapshot with a change applied.
   *
   * @throws IllegalArgumentException if the change is based on another snapshot
   */
  public Snapshot with(SnapshotManifest change, Digest digest) {
    if (!generation().equals(change.base()) || !manifestDigest.equals(change.baseManifest())) {
      throw new IllegalArgumentException(
          "snapshot %s changes %s (%s), not %s (%s)"
              .formatted(
                  change.generation(),
                  change.base(),
                  change.baseManifest(),
                  generation(),
                  manifestDigest));
    }
    return over(new TreeMap<>(cities), change, digest);
  }

  /** Its name. */
  public Generation generation() {
    return manifest.generation();
  }

  /** The entry of a city. */
  public Optional<CityEntry> city(City city) {
    return Optional.ofNullable(cities.get(city));
  }

  /** Live documents of all cities. */
  public long documents() {
    return cities.values().stream().mapToLong(CityEntry::documents).sum();
  }

  /** Bytes of all cities. */
  public long bytes() {
    return cities.values().stream().mapToLong(CityEntry::bytes).sum();
  }

  private static Snapshot over(
      TreeMap<City, CityEntry> cities, SnapshotManifest manifest, Digest digest) {
    manifest.removed().forEach(cities::remove);
    manifest.cities().forEach(entry -> cities.put(entry.city(), entry));
    return new Snapshot(manifest, digest, cities);
  }
}
