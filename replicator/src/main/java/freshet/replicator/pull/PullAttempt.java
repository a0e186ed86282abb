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
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.lucene.util.Version;
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
  private final ReplayHealth replays;
  private final PackHealth packHealth;
  private final RemoteCatalog catalog;

  PullAttempt(
      Traffic traffic,
      LocalRepository store,
      PullOptions options,
      ReplayHealth replays,
      PackHealth packHealth) {
    this.traffic = traffic;
    this.store = store;
    this.options = options;
    this.replays = replays;
    this.packHealth = packHealth;
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
    Refusal.NewerLucene newer = PullPlanner.newerLucene(target, Version.LATEST);
    if (newer != null) {
      return new Result.Refused(newer);
    }
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
    List<SnapshotManifest> since =
        current == null ? List.of() : catalog.since(target, current, PullPlanner.MOST_PACKS);
    List<SnapshotManifest> packed = since.isEmpty() ? List.of(target.manifest()) : since;
    Packs packs = new Packs(traffic, store.layout(), options.parallelFiles(), packHealth, packed);
    try {
      Map<City, CityManifest> manifests = heldManifests(changed);
      List<CityEntry> missing =
          changed.stream().filter(entry -> !manifests.containsKey(entry.city())).toList();
      for (SnapshotManifest generation : since) {
        PackEntry pack = generation.pack();
        if (pack != null && PullPlanner.fetchesPack(generation, missing)) {
          Refusal.LowDisk low = lowDisk(pack.length());
          if (low != null) {
            return new Result.Refused(low);
          }
          packs.fetch(generation.generation(), pack);
        }
      }
      bring(
          missing.stream()
              .map(entry -> wanted(RepositoryLayout.cityManifestName(entry), entry.manifest()))
              .filter(this::isAbsent)
              .toList(),
          packs);
      BoundedWork.forEach(
          missing,
          options.parallelFiles(),
          traffic,
          entry -> manifests.put(entry.city(), catalog.city(entry)));
      return switch (plan(packs, manifests.values(), served(changed, current))) {
        case PullPlan.Refused refused -> new Result.Refused(refused.refusal());
        case PullPlan.Pull pull -> {
          fetchSchemas(target, manifests.values());
          PullExecutor executor = new PullExecutor(traffic, store.layout(), options, replays);
          yield new Result.Ready(
              target, executor.execute(pull, packs), pull.isComplete() && !isNew);
        }
      };
    } finally {
      packs.close();
    }
  }

  private PullPlan plan(
      Packs packs, Collection<CityManifest> wanted, Collection<CityManifest> served)
      throws IOException, PullException {
    Inventory inventory =
        new StoreInventory(store.layout()).of(wanted, served, packs.contents(wanted));
    CityRecipes recipes = recipes(wanted, inventory, packs);
    return PullPlanner.plan(wanted, inventory, recipes, options.reserveBytes(), folder());
  }

  /** Recipes of merges that would have to be fetched. */
  private CityRecipes recipes(Collection<CityManifest> wanted, Inventory inventory, Packs packs)
      throws IOException, PullException {
    if (options.replay() == ReplayMode.NEVER || replays.isOff()) {
      return CityRecipes.NONE;
    }
    List<CityManifest> merged =
        wanted.stream().filter(city -> PullPlanner.wantsRecipes(city, inventory)).toList();
    bring(merged.stream().flatMap(PullAttempt::recipesOf).filter(this::isAbsent).toList(), packs);
    Map<City, Map<String, MergeRecipe>> recipes = new ConcurrentHashMap<>();
    BoundedWork.forEach(
        merged,
        options.parallelFiles(),
        traffic,
        city -> {
          Map<String, MergeRecipe> own = new HashMap<>();
          for (FileEntry file : city.recipes()) {
            catalog
                .recipe(city.city(), city.incarnation(), file)
                .ifPresent(recipe -> own.put(recipe.segment(), recipe));
          }
          recipes.put(city.city(), own);
        });
    return new CityRecipes(replays.rule(options.replay()), recipes);
  }

  private static Stream<SmallFiles.Wanted> recipesOf(CityManifest city) {
    return city.recipes().stream()
        .map(recipe -> SmallFiles.Wanted.of(city.city(), city.incarnation(), recipe));
  }

  private static SmallFiles.Wanted wanted(String name, Digest sha256) {
    return new SmallFiles.Wanted(name, SmallFiles.Wanted.UNKNOWN, sha256);
  }

  private boolean isAbsent(SmallFiles.Wanted file) {
    return !Files.exists(placeOf(file));
  }

  /**
   * Brings what packs have or what comes together, into folders that are synced with the cities'
   * other files; the catalog asks for the rest.
   */
  private void bring(List<SmallFiles.Wanted> files, Packs packs) throws IOException, PullException {
    Set<Path> folders = new HashSet<>();
    files.forEach(file -> folders.add(store.layout().folderOf(file.name())));
    BoundedWork.forEach(folders, options.parallelFiles(), traffic, DurableFiles::createFolders);
    SmallFiles small =
        new SmallFiles(traffic, (file, content) -> FileFetcher.write(placeOf(file), content));
    BoundedWork.forEach(
        SmallFiles.groups(packs.unpack(files), options.parallelFiles()),
        options.parallelFiles(),
        traffic,
        group -> {
          Collection<SmallFiles.Wanted> unused = small.bring(group);
        });
  }

  private Path placeOf(SmallFiles.Wanted file) {
    return store.layout().resolve(file.name());
  }

  private Map<City, CityManifest> heldManifests(List<CityEntry> entries)
      throws IOException, PullException {
    Map<City, CityManifest> held = new ConcurrentHashMap<>();
    BoundedWork.forEach(
        entries,
        options.parallelFiles(),
        traffic,
        entry -> catalog.heldCity(entry).ifPresent(city -> held.put(entry.city(), city)));
    return held;
  }

  private Collection<CityManifest> served(List<CityEntry> changed, @Nullable Snapshot current)
      throws IOException, PullException {
    if (current == null) {
      return List.of();
    }
    List<CityEntry> old = new ArrayList<>();
    changed.forEach(entry -> current.city(entry.city()).ifPresent(old::add));
    return heldManifests(old).values();
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

  private String folder() {
    return store.layout().root().toString();
  }
}
