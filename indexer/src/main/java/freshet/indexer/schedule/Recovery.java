package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.WorkingCity;
import freshet.indexer.rebuild.RebuildState;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the working indexes into a state from which polling can go on at LATEST's position: keeps
 * what continues it or was rebuilt, takes the rest from the repository, and removes what was never
 * published. In the ordinary case it writes nothing.
 */
record Recovery(
    CityIndexes cities, SnapshotPublisher publisher, LocalRepository repository, Set<City> held) {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /**
   * Where a cycle starts.
   *
   * @param progress of the cities
   * @param adopted the rebuild that is published next; null if there is none, or it is of no use
   */
  record Start(Progress progress, @Nullable RebuildState adopted) {}

  /**
   * Recovers.
   *
   * @param pending the rebuild whose indexes are in their places
   */
  Start run(@Nullable RebuildState pending) throws BuildException {
    Snapshot latest = publisher.current().orElse(null);
    boolean isSame = latest != null && latest.manifest().schema().equals(cities.schemaDigest());
    RebuildState adopted =
        pending != null && (isSame || pending.cities() == null) && !isPublished(pending, latest)
            ? pending
            : null;
    if (latest != null && isSame) {
      return new Start(goOn(latest, latest.cities(), adopted), adopted);
    }
    if (adopted != null) {
      return new Start(goOn(latest, Collections.emptySortedMap(), adopted), adopted);
    }
    if (latest != null) {
      requireEmpty(latest);
    }
    dropAll("there is no snapshot to go on from");
    return new Start(Progress.NONE, null);
  }

  /** Its cities are published together, so that one of them tells. */
  private static boolean isPublished(RebuildState pending, @Nullable Snapshot latest) {
    return latest != null
        && pending.built().entrySet().stream()
            .anyMatch(
                built -> {
                  CityEntry entry = latest.cities().get(built.getKey());
                  return entry != null && entry.incarnation().equals(built.getValue());
                });
  }

  private void requireEmpty(Snapshot snapshot) throws BuildException.SchemaChanged {
    if (snapshot.documents() > 0) {
      throw new BuildException.SchemaChanged(
          ("the schema is %s, snapshot %s has %s: its %d documents can't be mixed with new ones."
                  + " Build all cities anew with: bin/indexer rebuild --all; or put the fields back"
                  + " as they were")
              .formatted(
                  cities.schemaDigest().brief(),
                  snapshot.generation(),
                  snapshot.manifest().schema().brief(),
                  snapshot.documents()));
    }
  }

  /**
   * Goes on.
   *
   * @param usable cities of the snapshot that have this schema
   */
  private Progress goOn(
      @Nullable Snapshot latest, SortedMap<City, CityEntry> usable, @Nullable RebuildState adopted)
      throws BuildException {
    boolean isOwn = latest == null || latest.generation().epoch() == publisher.epoch();
    Progress published = latest == null ? Progress.NONE : Progress.of(latest);
    SourcePosition rebuiltAt = adopted == null ? SourcePosition.START : positionOf(adopted);
    SortedMap<City, SourcePosition> positions = new TreeMap<>();
    SortedMap<City, WorkingCity> working = cities.working();
    Set<City> damaged = cities.damaged();
    Set<City> all = new TreeSet<>(working.keySet());
    all.addAll(damaged);
    all.addAll(usable.keySet());
    all.addAll(held);
    if (adopted != null) {
      all.addAll(adopted.built().keySet());
    }
    int hydrated = 0;
    for (City city : all) {
      WorkingCity own = damaged.contains(city) ? null : working.get(city);
      CityStart start =
          held.contains(city) && !usable.containsKey(city) && rebuilt(city, adopted) == null
              ? CityStart.ofHeld(own, isOwn)
              : CityStart.decide(
                  own, usable.get(city), rebuilt(city, adopted), isOwn, cities.schemaDigest());
      switch (start) {
        case CityStart.Keep keep -> positions.put(city, published.of(city));
        case CityStart.Adopt adopt -> positions.put(city, rebuiltAt);
        case CityStart.Empty empty -> {
          cities.drop(city);
          positions.put(city, rebuiltAt);
        }
        case CityStart.Drop drop -> cities.drop(city);
        case CityStart.Lost lost -> {
          LOG.warn("city {}: its index is lost or damaged: read from the start", city);
          cities.drop(city);
          positions.put(city, SourcePosition.START);
        }
        case CityStart.Hydrate hydrate -> {
          boolean isDone = latest != null && hydrate(hydrate.published(), latest, hydrate.reason());
          positions.put(city, isDone ? published.of(city) : SourcePosition.START);
          hydrated++;
        }
      }
    }
    if (hydrated > 0) {
      LOG.info("{} of {} cities were hydrated", hydrated, all.size());
    }
    return adopted != null && adopted.cities() == null
        ? Progress.at(rebuiltAt).with(positions)
        : published.with(positions);
  }

  private static CityStart.@Nullable Rebuilt rebuilt(City city, @Nullable RebuildState adopted) {
    return adopted != null && adopted.concerns(city)
        ? new CityStart.Rebuilt(adopted.built().get(city))
        : null;
  }

  private static SourcePosition positionOf(RebuildState adopted) {
    return Objects.requireNonNull(adopted.position(), "a rebuild that was ready has a position");
  }

  private boolean hydrate(CityEntry entry, Snapshot snapshot, String reason) throws BuildException {
    City city = entry.city();
    LOG.debug("city {}: hydrated from snapshot {}: {}", city, snapshot.generation(), reason);
    try {
      CityManifest manifest = repository.cityManifest(entry);
      cities.hydrate(manifest, repository.layout().incarnation(city, entry.incarnation()));
      return true;
    } catch (IOException | BuildException.WorkFailed e) {
      LOG.warn("city {}: {}, and can't be hydrated: rebuilt: {}", city, reason, e.toString());
      cities.drop(city);
      return false;
    }
  }

  private void dropAll(String reason) throws BuildException {
    Set<City> all = new TreeSet<>(cities.damaged());
    Map<City, WorkingCity> working = cities.working();
    all.addAll(working.keySet());
    if (!all.isEmpty()) {
      LOG.info("{} working indexes are removed: {}", all.size(), reason);
    }
    for (City city : all) {
      cities.drop(city);
    }
  }
}
