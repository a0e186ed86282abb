package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.UpcomingMerge;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches, or merges again, in the background what LATEST announces before a manifest names it, so
 * that the pull of the commit that has it finds it here. It gives way to pulls: while one runs,
 * nothing more is read. What it fetched and verified is fetched once, what it began is resumed; a
 * merge that is not announced any more is given up and its files removed. A failure is logged and
 * tried again, and concerns no pull. Thread-safe.
 */
public final class Prefetcher {
  private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
  private static final Duration GIVE_WAY = Duration.ofMillis(5);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final RemoteRepository remote;
  private final LocalRepository store;
  private final PullOptions options;
  private final StopSignal stop;
  private final BooleanSupplier isPulling;
  private final ReplayHealth replays;
  private final AtomicLong bytes = new AtomicLong();

  private List<UpcomingMerge> announced = List.of();
  private Set<String> ready = Set.of();
  private @Nullable String problem;

  /**
   * A prefetcher from this remote into this store.
   *
   * @param isPulling whether a pull is under way, which goes first
   * @param replays how replayed merges came out so far
   */
  public Prefetcher(
      RemoteRepository remote,
      LocalRepository store,
      PullOptions options,
      StopSignal stop,
      BooleanSupplier isPulling,
      ReplayHealth replays) {
    this.remote = remote;
    this.store = store;
    this.options = options;
    this.stop = stop;
    this.isPulling = isPulling;
    this.replays = replays;
    stop.onRequest(this::wake);
  }

  /**
   * Takes over what is announced by now, and removes the files of what is not. Called between
   * pulls, by whoever runs them.
   */
  void announced(List<UpcomingMerge> merges) {
    synchronized (this) {
      if (merges.equals(announced)) {
        return;
      }
      announced = List.copyOf(merges);
      Set<String> left = new HashSet<>(ready);
      left.retainAll(merges.stream().map(UpcomingMerge::id).toList());
      // Nobody is to wait for this slave to have what it never will.
      merges.stream().filter(merge -> !isPulled(merge)).forEach(merge -> left.add(merge.id()));
      ready = Set.copyOf(left);
      notifyAll();
    }
    Set<Digest> wanted = new HashSet<>();
    merges.stream()
        .filter(this::isPulled)
        .forEach(merge -> merge.files().forEach(file -> wanted.add(file.sha256())));
    try {
      Prefetched.keepOnly(store.layout(), wanted);
    } catch (IOException e) {
      LOG.warn("files of merges that are over were not removed: {}", e.toString());
    }
  }

  /** Takes over what the store's LATEST announces after a pull. */
  public void follow(PullOutcome outcome) {
    switch (outcome) {
      case PullOutcome.Installed installed -> announced(installed.advertisement().upcoming());
      case PullOutcome.UpToDate current -> announced(current.advertisement().upcoming());
      // The store has what it had.
      case PullOutcome.Nothing nothing -> {}
      case PullOutcome.Refused refused -> {}
    }
  }

  private boolean isPulled(UpcomingMerge merge) {
    return options.cities().includes(merge.city());
  }

  /** The announced merges that are here whole, or of cities that are not pulled, by their ids. */
  public synchronized Set<String> ready() {
    return ready;
  }

  /** Why the last attempt failed; empty if it did not. */
  synchronized Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Bytes that it fetched. */
  public long bytesFetched() {
    return bytes.get();
  }

  /** Fetches until the stop is requested. For a thread of its own. */
  public void run() {
    try {
      while (!stop.isRequested()) {
        boolean hasFailed = false;
        for (UpcomingMerge merge : awaitMissing()) {
          hasFailed |= !prefetch(merge);
        }
        if (hasFailed) {
          stop.await(RETRY);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Those that are not here; waits while there is none. */
  private synchronized List<UpcomingMerge> awaitMissing() throws InterruptedException {
    while (!stop.isRequested()) {
      List<UpcomingMerge> missing =
          announced.stream().filter(merge -> !ready.contains(merge.id())).toList();
      if (!missing.isEmpty()) {
        return missing;
      }
      wait();
    }
    return List.of();
  }

  /** Whether there is nothing to try again. */
  private boolean prefetch(UpcomingMerge merge) {
    Traffic traffic = new Traffic(remote, stop, () -> giveWay(merge));
    try {
      Set<Digest> here = Prefetched.in(store.layout());
      List<FileEntry> missing =
          merge.files().stream().filter(file -> !here.contains(file.sha256())).toList();
      Path root = store.layout().root();
      // A merge that is replayed needs room for its parts beside it.
      long needed = 2 * missing.stream().mapToLong(FileEntry::length).sum();
      Refusal low =
          PullPlanner.lowDisk(
              needed, DiskSpace.freeBytes(root), options.reserveBytes(), root.toString());
      if (low != null) {
        return failed(merge, low.explain());
      }
      Path folder = Prefetched.folder(store.layout());
      DurableFiles.createFolders(folder);
      FileFetcher fetcher = new FileFetcher(traffic, store.layout());
      for (FileEntry file : withoutReplayed(merge, missing, traffic)) {
        giveWay(merge);
        String name = RepositoryLayout.fileName(merge.city(), merge.incarnation(), file.name());
        fetcher.fetch(name, placeOf(file), file.length(), file.sha256());
      }
      DurableFiles.syncFolder(folder);
      succeeded(merge);
      return true;
    } catch (PullException.Stopped e) {
      LOG.debug("city {}: a merge is not fetched ahead any more", merge.city(), e);
      return true;
    } catch (RemoteException.Closed e) {
      LOG.debug("the remote was closed", e);
      return true;
    } catch (IOException | DirectoryIteratorException | PullException e) {
      return failed(merge, e.toString());
    } finally {
      bytes.addAndGet(traffic.bytes());
    }
  }

  /** Makes what can be made from what the store has, and gives the rest. */
  private List<FileEntry> withoutReplayed(
      UpcomingMerge merge, List<FileEntry> missing, Traffic traffic)
      throws IOException, PullException {
    FileEntry file = merge.recipe();
    if (file == null || options.replay() == ReplayMode.NEVER || replays.isOff()) {
      return missing;
    }
    Optional<MergeRecipe> recipe =
        new RemoteCatalog(traffic, store).recipe(merge.city(), merge.incarnation(), file);
    if (recipe.isEmpty()) {
      return missing;
    }
    String segment = recipe.get().segment();
    Map<Digest, String> here = namesOf(merge.city());
    Optional<Replay> replay =
        new CityRecipes(options.replay(), Map.of(merge.city(), Map.of(segment, recipe.get())))
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
    left.addAll(replayer.run(replay.get(), this::placeOf));
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

  private Path placeOf(FileEntry file) {
    return store.layout().resolve(RepositoryLayout.prefetchedName(file.sha256()));
  }

  /** Waits while a pull runs; ends the transfer if nobody wants it any longer. */
  private void giveWay(UpcomingMerge merge) throws PullException {
    try {
      while (isWanted(merge) && isPulling.getAsBoolean()) {
        stop.await(GIVE_WAY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PullException.Stopped("fetching ahead was interrupted", e);
    }
    if (!isWanted(merge)) {
      throw new PullException.Stopped("the merge is not announced any more", null);
    }
  }

  private synchronized boolean isWanted(UpcomingMerge merge) {
    return !stop.isRequested() && announced.contains(merge);
  }

  private void succeeded(UpcomingMerge merge) {
    synchronized (this) {
      problem = null;
      if (!announced.contains(merge)) {
        return;
      }
      Set<String> more = new HashSet<>(ready);
      more.add(merge.id());
      ready = Set.copyOf(more);
    }
    LOG.info("city {}: an announced merge of {} files is here", merge.city(), merge.files().size());
  }

  /** Says it once. */
  private synchronized boolean failed(UpcomingMerge merge, String why) {
    if (!why.equals(problem)) {
      problem = why;
      LOG.warn(
          "city {}: an announced merge is not fetched ahead: {}; it is tried again, or comes with the commit that has it",
          merge.city(),
          why);
    }
    return false;
  }
}
