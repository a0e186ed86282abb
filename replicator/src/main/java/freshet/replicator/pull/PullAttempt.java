package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Brings everything of one admitted snapshot into the store, all but LATEST. */
final class PullAttempt {

  /** How it ended, unless it failed. */
  sealed interface Result {

    /**
     * Everything of the snapshot is in the store, durably.
     *
     * @param wasComplete nothing of it was missing before
     */
    record Ready(Snapshot snapshot, PullExecutor.Counts counts, boolean wasComplete)
        implements Result {}

    /** It was not taken. */
    record Refused(Refusal refusal) implements Result {}
  }

  private final Traffic traffic;
  private final LocalRepository store;
  private final PullOptions options;
  private final RemoteCatalog catalog;

  PullAttempt(Traffic traffic, LocalRepository store, PullOptions options) {
    this.traffic = traffic;
    this.store = store;
    this.options = options;
    this.catalog = new RemoteCatalog(traffic, store);
  }

  /**
   * Runs it.
   *
   * @param current the store's snapshot, null if it has none
   * @param trustsCurrent whether the files of {@code current} are known to be there; otherwise
   *     those of every city are looked at, and what is missing is fetched again
   */
  Result run(Advertisement offered, @Nullable Snapshot current, boolean trustsCurrent)
      throws IOException, PullException {
    boolean isNew = current == null || !current.generation().equals(offered.generation());
    if (isNew) {
      Refusal.LowDisk low = lowDisk(0);
      if (low != null) {
        return new Result.Refused(low);
      }
    }
    Snapshot target = catalog.snapshot(offered, current);
    List<CityEntry> changed =
        PullPlanner.changed(target, trustsCurrent ? current : null, options.cities());
    try {
      return bring(target, changed, current, isNew);
    } catch (RemoteException.NotFound e) {
      // A slave that holds some cities only: the rest is not gone, it was never there.
      Refusal.Partial partial =
          PullPlanner.partial(
              target,
              options.cities(),
              new RemoteCatalog(traffic.afresh(), store).subset(),
              traffic.address());
      if (partial == null) {
        throw e;
      }
      return new Result.Refused(partial);
    }
  }

  private Result bring(
      Snapshot target, List<CityEntry> changed, @Nullable Snapshot current, boolean isNew)
      throws IOException, PullException {
    Map<City, CityManifest> manifests = heldManifests(changed);
    List<CityEntry> missing =
        changed.stream().filter(entry -> !manifests.containsKey(entry.city())).toList();
    PackEntry pack = target.manifest().pack();
    if (pack != null && PullPlanner.fetchesPack(target, current, missing)) {
      Refusal.LowDisk low = lowDisk(pack.length());
      if (low != null) {
        return new Result.Refused(low);
      }
      fetchPack(target, pack, missing);
    }
    BoundedWork.forEach(
        missing,
        options.parallelFiles(),
        traffic,
        entry -> manifests.put(entry.city(), catalog.city(entry)));
    PullPlan plan = plan(target, manifests.values(), served(changed, current));
    return switch (plan) {
      case PullPlan.Refused refused -> new Result.Refused(refused.refusal());
      case PullPlan.Pull pull -> {
        fetchSchemas(target, manifests.values());
        PullExecutor executor = new PullExecutor(traffic, store.layout(), options);
        yield new Result.Ready(
            target, executor.execute(pull, packOf(target)), pull.isComplete() && !isNew);
      }
    };
  }

  private PullPlan plan(
      Snapshot target, Collection<CityManifest> wanted, Collection<CityManifest> served)
      throws IOException, PullException {
    Path pack = packOf(target);
    Map<String, Long> packed =
        target.manifest().pack() != null && Files.exists(pack)
            ? new PackReader(pack).list()
            : Map.of();
    Inventory inventory = new StoreInventory(store.layout()).of(wanted, served, packed);
    return PullPlanner.plan(wanted, inventory, options.reserveBytes(), folder());
  }

  private Map<City, CityManifest> heldManifests(List<CityEntry> entries)
      throws IOException, PullException {
    Map<City, CityManifest> held = new ConcurrentHashMap<>();
    for (CityEntry entry : entries) {
      Optional<CityManifest> manifest = catalog.heldCity(entry);
      manifest.ifPresent(city -> held.put(entry.city(), city));
    }
    return held;
  }

  private List<CityManifest> served(List<CityEntry> changed, @Nullable Snapshot current)
      throws IOException, PullException {
    List<CityManifest> served = new ArrayList<>();
    if (current != null) {
      for (CityEntry entry : changed) {
        Optional<CityEntry> old = current.city(entry.city());
        if (old.isPresent()) {
          catalog.heldCity(old.get()).ifPresent(served::add);
        }
      }
    }
    return served;
  }

  /** Fetches the pack and unpacks its city manifests; the files follow once they are planned. */
  private void fetchPack(Snapshot target, PackEntry pack, List<CityEntry> missing)
      throws IOException, PullException {
    Path file = packOf(target);
    if (!Files.exists(file)) {
      String name = RepositoryLayout.packName(target.generation());
      try {
        new FileFetcher(traffic, store.layout()).fetch(name, pack.length(), pack.sha256());
      } catch (RemoteException.NotFound e) {
        // A slave that skipped generations serves no pack of them; its files are there one by one.
        return;
      }
      DurableFiles.syncFolder(store.layout().packs());
    }
    Map<String, CityEntry> wanted = new HashMap<>();
    missing.forEach(entry -> wanted.put(RepositoryLayout.cityManifestName(entry), entry));
    new PackReader(file)
        .read(
            (name, length, content) -> {
              CityEntry entry = wanted.get(name);
              if (entry != null && length <= RemoteCatalog.MAX_CITY_MANIFEST_BYTES) {
                byte[] bytes = content.readNBytes(Math.toIntExact(length));
                if (Digest.of(bytes).equals(entry.manifest())) {
                  store.writeBytes(name, bytes);
                }
              }
            });
  }

  private void fetchSchemas(Snapshot target, Collection<CityManifest> cities)
      throws IOException, PullException {
    Set<String> schemas = new TreeSet<>();
    schemas.add(target.manifest().schema().hex());
    cities.forEach(city -> schemas.add(city.schema().hex()));
    for (String schema : schemas) {
      catalog.schema(new Digest(schema));
    }
  }

  private Refusal.@Nullable LowDisk lowDisk(long bytes) throws IOException {
    return PullPlanner.lowDisk(
        bytes, DiskSpace.freeBytes(store.layout().root()), options.reserveBytes(), folder());
  }

  private Path packOf(Snapshot target) {
    return store.layout().resolve(RepositoryLayout.packName(target.generation()));
  }

  private String folder() {
    return store.layout().root().toString();
  }
}
