package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.build.PublishedCommit;
import freshet.indexer.build.WorkingCity;
import freshet.indexer.rebuild.RebuildState;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
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
          ("the schema is %s, snapshot %s has %s: its %s can't be mixed with new ones."
                  + " Build all cities anew with: bin/indexer rebuild --all; or put the fields back"
                  + " as they were")
              .formatted(
                  cities.schemaDigest().brief(),
                  snapshot.generation(),
                  snapshot.manifest().schema().brief(),
                  Count.of(snapshot.documents(), "document")));
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
    Set<City> late = cities.overdue().keySet();
    SortedMap<City, CityStart.Hydrate> toHydrate = new TreeMap<>();
    for (City city : all) {
      if (late.contains(city)) {
        // Whatever it is at began from what is published.
        positions.put(city, published.of(city));
        continue;
      }
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
        case CityStart.Hydrate hydrate -> toHydrate.put(city, hydrate);
      }
    }
    Set<City> lost = hydrate(toHydrate);
    for (City city : toHydrate.keySet()) {
      positions.put(city, lost.contains(city) ? SourcePosition.START : published.of(city));
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

  /** Hydrates these; those where that failed have no index any more. */
  private Set<City> hydrate(SortedMap<City, CityStart.Hydrate> all) throws BuildException {
    if (all.isEmpty()) {
      return Set.of();
    }
    Map<City, PublishedCommit> commits = new TreeMap<>();
    all.forEach(
        (city, hydrate) -> {
          CityEntry entry = hydrate.published();
          LOG.debug("city {}: hydrated from {}: {}", city, entry.incarnation(), hydrate.reason());
          commits.put(
              city,
              new PublishedCommit(
                  () -> repository.cityManifest(entry),
                  repository.layout().incarnation(city, entry.incarnation())));
        });
    SortedMap<City, CityOutcome> outcomes = cities.hydrate(commits);
    Set<City> late = new TreeSet<>(cities.overdue().keySet());
    late.retainAll(all.keySet());
    Set<City> lost = new TreeSet<>();
    for (Map.Entry<City, CityStart.Hydrate> one : all.entrySet()) {
      City city = one.getKey();
      if (outcomes.get(city) instanceof CityOutcome.Failed failed && !late.contains(city)) {
        if (failed.cause() instanceof BuildException.Overdue noThread) {
          throw noThread;
        }
        LOG.warn(
            "city {}: {}, and can't be hydrated: rebuilt: {}",
            city,
            one.getValue().reason(),
            failed.cause().toString());
        cities.drop(city);
        lost.add(city);
      }
    }
    LOG.info(
        "{} cities are hydrated; still at it: {}; not possible: {}",
        all.size() - late.size() - lost.size(),
        late,
        lost);
    return lost;
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
