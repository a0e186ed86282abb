package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.UpcomingMerge;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
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
 * nothing more is read. What it fetched and verified is fetched once, what it began is resumed;
 * what is not announced any more is given up and its files removed. A failure is logged and tried
 * again, and concerns no pull. Thread-safe.
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

  private List<Announced> announced = List.of();
  private Set<String> ready = Set.of();
  private boolean isTidy;
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
  void announced(List<Announced> now) {
    synchronized (this) {
      if (now.equals(announced) && isTidy) {
        return;
      }
      announced = List.copyOf(now);
      Set<String> left = new HashSet<>(ready);
      left.retainAll(now.stream().map(Announced::id).toList());
      // Nobody is to wait for this slave to have what it never will.
      now.stream().filter(one -> !isPulled(one)).forEach(one -> left.add(one.id()));
      ready = Set.copyOf(left);
      isTidy = true;
      notifyAll();
    }
    boolean isDone = false;
    try {
      isDone = removeAllBut(now);
    } catch (IOException e) {
      LOG.warn("files that were fetched ahead in vain were not removed: {}", e.toString());
    }
    if (!isDone) {
      untidy();
    }
  }

  /** Takes over what the store's LATEST announces after a pull. */
  public void follow(PullOutcome outcome) {
    switch (outcome) {
      case PullOutcome.Installed installed -> announced(Announced.in(installed.advertisement()));
      case PullOutcome.UpToDate current -> announced(Announced.in(current.advertisement()));
      // The store has what it had.
      case PullOutcome.Nothing nothing -> {}
      case PullOutcome.Refused refused -> {}
    }
  }

  /** Of rebuilt cities, the list tells which are pulled. */
  private boolean isPulled(Announced one) {
    return switch (one) {
      case Announced.Merge merge -> options.cities().includes(merge.merge().city());
      case Announced.Rebuilt rebuilt -> true;
    };
  }

  /**
   * Removes what was fetched and is not announced.
   *
   * @return whether that is known: not while a list of rebuilt cities is not here yet
   */
  private boolean removeAllBut(List<Announced> now) throws IOException {
    Set<Digest> wanted = new HashSet<>();
    Set<Digest> lists = new HashSet<>();
    for (Announced one : now) {
      switch (one) {
        case Announced.Merge(UpcomingMerge merge) ->
            merge.files().forEach(file -> wanted.add(file.sha256()));
        case Announced.Rebuilt(Digest list) -> {
          Optional<RebuiltCities> cities = store.rebuilt(list);
          if (cities.isEmpty()) {
            return false;
          }
          lists.add(list);
          cities
              .get()
              .cities()
              .forEach(city -> city.files().forEach(file -> wanted.add(file.sha256())));
        }
      }
    }
    Prefetched.keepOnly(store.layout(), wanted);
    store.keepRebuilt(lists);
    return true;
  }

  /** What is announced and here whole, or of cities that are not pulled, by its ids. */
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
        for (Announced one : awaitMissing()) {
          hasFailed |= !prefetch(one);
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
  private synchronized List<Announced> awaitMissing() throws InterruptedException {
    while (!stop.isRequested()) {
      List<Announced> missing =
          announced.stream().filter(one -> !ready.contains(one.id())).toList();
      if (!missing.isEmpty()) {
        return missing;
      }
      wait();
    }
    return List.of();
  }

  /** Whether there is nothing to try again. */
  private boolean prefetch(Announced what) {
    Traffic traffic = new Traffic(remote, stop, () -> giveWay(what));
    try {
      Optional<Refusal> refusal = new AheadFetch(traffic, store, options, replays).run(what);
      if (refusal.isPresent()) {
        return failed(refusal.get().explain());
      }
      succeeded(what);
      return true;
    } catch (PullException.Stopped e) {
      LOG.debug("{} is not fetched ahead any more", what.id(), e);
      return true;
    } catch (RemoteException.Closed e) {
      LOG.debug("the remote was closed", e);
      return true;
    } catch (RemoteException.NotFound e) {
      // A slave that serves others has not fetched it yet itself, or it is over.
      LOG.debug("{} is not there yet", what.id(), e);
      return false;
    } catch (IOException | DirectoryIteratorException | PullException e) {
      return failed(e.toString());
    } finally {
      bytes.addAndGet(traffic.bytes());
      if (!isWanted(what)) {
        // It may have finished a file just while those that nobody wants were removed.
        untidy();
      }
    }
  }

  private synchronized void untidy() {
    isTidy = false;
  }

  /** Waits while a pull runs; ends the transfer if nobody wants it any longer. */
  private void giveWay(Announced what) throws PullException {
    try {
      while (isWanted(what) && isPulling.getAsBoolean()) {
        stop.await(GIVE_WAY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PullException.Stopped("fetching ahead was interrupted", e);
    }
    if (!isWanted(what)) {
      throw new PullException.Stopped("it is not announced any more", null);
    }
  }

  private synchronized boolean isWanted(Announced what) {
    return !stop.isRequested() && announced.contains(what);
  }

  private void succeeded(Announced what) {
    synchronized (this) {
      problem = null;
      if (!announced.contains(what)) {
        return;
      }
      Set<String> more = new HashSet<>(ready);
      more.add(what.id());
      ready = Set.copyOf(more);
    }
    LOG.info("{} is here before a snapshot has it", describe(what));
  }

  private static String describe(Announced what) {
    return switch (what) {
      case Announced.Merge(UpcomingMerge merge) ->
          "city %s: a merge of %s".formatted(merge.city(), Count.of(merge.files().size(), "file"));
      case Announced.Rebuilt rebuilt -> "all of a rebuild";
    };
  }

  /** Says it once. */
  private synchronized boolean failed(String why) {
    if (!why.equals(problem)) {
      problem = why;
      LOG.warn(
          "what is announced is not fetched ahead: {}; it is tried again, or comes with the commit that has it",
          why);
    }
    return false;
  }
}
