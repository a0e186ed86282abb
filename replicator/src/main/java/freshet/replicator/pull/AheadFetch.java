package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.UpcomingMerge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings one announced thing into the store, giving way as its traffic does. */
final class AheadFetch {
  private final Traffic traffic;
  private final LocalRepository store;
  private final PullOptions options;
  private final ReplayHealth replays;
  private final RemoteCatalog catalog;

  AheadFetch(Traffic traffic, LocalRepository store, PullOptions options, ReplayHealth replays) {
    this.traffic = traffic;
    this.store = store;
    this.options = options;
    this.replays = replays;
    this.catalog = new RemoteCatalog(traffic, store);
  }

  /** Returns once all of it is here, durably, or says why it can't be. */
  Optional<Refusal> run(Announced what) throws IOException, PullException {
    Path folder = Prefetched.folder(store.layout());
    DurableFiles.createFolders(folder);
    Refusal refusal =
        switch (what) {
          case Announced.Merge merge -> merge(merge.merge());
          case Announced.Rebuilt rebuilt -> rebuilt(rebuilt.list());
        };
    DurableFiles.syncFolder(folder);
    return Optional.ofNullable(refusal);
  }

  private @Nullable Refusal merge(UpcomingMerge merge) throws IOException, PullException {
    List<FileEntry> missing = missing(merge.files());
    // A merge that is replayed needs room for its parts beside it.
    Refusal low = lowDisk(2 * bytes(missing));
    if (low == null) {
      fetch(wanted(merge.city(), merge.incarnation(), withoutReplayed(merge, missing)));
    }
    return low;
  }

  private @Nullable Refusal rebuilt(Digest list) throws IOException, PullException {
    List<RebuiltCity> cities =
        catalog.rebuilt(list).cities().stream()
            .filter(city -> options.cities().includes(city.city()))
            .toList();
    List<FileEntry> all = cities.stream().flatMap(city -> city.files().stream()).toList();
    Refusal low = lowDisk(bytes(missing(all)));
    if (low == null) {
      List<SmallFiles.Wanted> files = new ArrayList<>();
      for (RebuiltCity city : cities) {
        files.addAll(wanted(city.city(), city.incarnation(), missing(city.files())));
      }
      fetch(files);
    }
    return low;
  }

  private List<FileEntry> missing(List<FileEntry> files) throws IOException {
    Set<Digest> here = Prefetched.in(store.layout());
    return files.stream().filter(file -> !here.contains(file.sha256())).toList();
  }

  private static long bytes(List<FileEntry> files) {
    return files.stream().mapToLong(FileEntry::length).sum();
  }

  private Refusal.@Nullable LowDisk lowDisk(long bytes) throws IOException {
    Path root = store.layout().root();
    return PullPlanner.lowDisk(
        bytes, DiskSpace.freeBytes(root), options.reserveBytes(), root.toString());
  }

  private static List<SmallFiles.Wanted> wanted(
      City city, Incarnation incarnation, List<FileEntry> files) {
    return files.stream().map(file -> SmallFiles.Wanted.of(city, incarnation, file)).toList();
  }

  /** Not measured: it gives way to pulls, so that its speed is that of nothing. */
  private void fetch(List<SmallFiles.Wanted> files) throws IOException, PullException {
    FileFetcher fetcher = new FileFetcher(traffic, store.layout());
    SmallFiles small =
        new SmallFiles(
            traffic, (file, content) -> FileFetcher.write(placeOf(file.sha256()), content));
    for (List<SmallFiles.Wanted> group : SmallFiles.groups(files, 1)) {
      traffic.giveWay();
      for (SmallFiles.Wanted file : small.bring(group)) {
        traffic.giveWay();
        fetcher.fetch(file.name(), placeOf(file.sha256()), file.length(), file.sha256());
      }
    }
  }

  /** Makes what can be made from what the store has, and gives the rest. */
  private List<FileEntry> withoutReplayed(UpcomingMerge merge, List<FileEntry> missing)
      throws IOException, PullException {
    FileEntry file = merge.recipe();
    if (file == null || options.replay() == ReplayMode.NEVER || replays.isOff()) {
      return missing;
    }
    Optional<MergeRecipe> recipe = catalog.recipe(merge.city(), merge.incarnation(), file);
    if (recipe.isEmpty()) {
      return missing;
    }
    String segment = recipe.get().segment();
    Map<Digest, String> here = namesOf(merge.city());
    Optional<Replay> replay =
        new CityRecipes(
                replays.rule(options.replay()), Map.of(merge.city(), Map.of(segment, recipe.get())))
            .planner(merge.city(), merge.incarnation(), source -> here.get(source.sha256()))
            .plan(segment, missing);
    if (replay.isEmpty()) {
      return missing;
    }
    Path work = store.layout().control().resolve("replay-ahead");
    Replayer replayer = new Replayer(traffic, store.layout(), work, replays);
    replayer.clear();
    List<FileEntry> left = new ArrayList<>(missing);
    left.removeAll(replay.get().outputs());
    left.addAll(replayer.run(replay.get(), made -> placeOf(made.sha256())));
    return left;
  }

  /** Where the store has the files of a city's newest commit. */
  private Map<Digest, String> namesOf(City city) throws IOException {
    Map<Digest, String> names = new HashMap<>();
    Optional<CityEntry> entry = store.latestSnapshot().flatMap(newest -> newest.city(city));
    if (entry.isPresent()) {
      CityManifest manifest = store.cityManifest(entry.get());
      for (FileEntry file : manifest.files()) {
        names.put(
            file.sha256(), RepositoryLayout.fileName(city, manifest.incarnation(), file.name()));
      }
    }
    return names;
  }

  private Path placeOf(Digest sha256) {
    return store.layout().resolve(RepositoryLayout.prefetchedName(sha256));
  }
}
