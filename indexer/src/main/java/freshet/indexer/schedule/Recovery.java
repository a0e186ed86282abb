package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.WorkingCity;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the working indexes into a state from which polling can go on at LATEST's position: keeps
 * what continues it, takes the rest from the repository, and removes what was never published. In
 * the ordinary case it writes nothing.
 */
record Recovery(
    CityIndexes cities,
    SnapshotPublisher publisher,
    LocalRepository repository,
    boolean rebuildOnSchemaChange) {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /**
   * Where a cycle starts.
   *
   * @param progress of the cities
   * @param loading why nothing may be published before the end was read; empty: it may
   */
  record Start(Progress progress, Loading loading) {}

  /** Whether the table is being read from its start. */
  enum Loading {
    /** No. */
    NO,
    /** There is no snapshot yet. */
    FIRST,
    /** There is one of another schema, which is served until this one is whole. */
    SCHEMA_CHANGED
  }

  Start run() throws BuildException {
    Optional<Snapshot> latest = publisher.current();
    if (latest.isEmpty()) {
      dropAll("there is no snapshot to go on from");
      return new Start(Progress.NONE, Loading.FIRST);
    }
    Snapshot snapshot = latest.get();
    if (!snapshot.manifest().schema().equals(cities.schemaDigest())) {
      requireRebuild(snapshot);
      dropAll("the schema has changed");
      return new Start(Progress.NONE, Loading.SCHEMA_CHANGED);
    }
    return new Start(goOn(snapshot), Loading.NO);
  }

  private void requireRebuild(Snapshot snapshot) throws BuildException.SchemaChanged {
    if (rebuildOnSchemaChange || snapshot.documents() == 0) {
      return;
    }
    throw new BuildException.SchemaChanged(
        ("the schema is %s, snapshot %s has %s: its %d documents can't be mixed with new ones. Build"
                + " all cities anew with: bin/indexer build --rebuild; or put the fields back as"
                + " they were")
            .formatted(
                cities.schemaDigest().brief(),
                snapshot.generation(),
                snapshot.manifest().schema().brief(),
                snapshot.documents()));
  }

  private Progress goOn(Snapshot snapshot) throws BuildException {
    Progress progress = Progress.of(snapshot);
    boolean isOwn = snapshot.generation().epoch() == publisher.epoch();
    SortedMap<City, WorkingCity> working = cities.working();
    Set<City> damaged = cities.damaged();
    Set<City> all = new TreeSet<>(working.keySet());
    all.addAll(damaged);
    all.addAll(snapshot.cities().keySet());
    int hydrated = 0;
    for (City city : all) {
      WorkingCity own = damaged.contains(city) ? null : working.get(city);
      CityEntry entry = snapshot.cities().get(city);
      switch (CityStart.decide(own, entry, isOwn, cities.schemaDigest())) {
        case CityStart.Keep keep -> {}
        case CityStart.Drop drop -> cities.drop(city);
        case CityStart.Hydrate hydrate -> {
          if (!hydrate(hydrate.published(), snapshot, hydrate.reason())) {
            progress = progress.anew(city);
          }
          hydrated++;
        }
      }
    }
    if (hydrated > 0) {
      LOG.info("{} of {} cities were hydrated", hydrated, all.size());
    }
    return progress;
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
