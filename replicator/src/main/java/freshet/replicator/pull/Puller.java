package freshet.replicator.pull;

import freshet.replicator.files.ProcessLock;
import freshet.replicator.remote.Receipt;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a remote's newest snapshot into a store. When a pull returns {@link
 * PullOutcome.Installed}, the store has it durably, LATEST included; whatever else happens, the
 * store has the snapshot that it had, and what was fetched and verified is not fetched again. Safe
 * for use by several threads and processes: one of them pulls at a time.
 */
public final class Puller {
  private static final Logger LOG = LoggerFactory.getLogger(Puller.class);
  private static final int RESTARTS = 3;

  /** What else is done to a store under the lock of a pull. */
  public interface Collection {
    /**
     * Runs before a pull changes anything, whatever it is going to bring. If it fails, nothing is
     * pulled.
     */
    default void before() throws IOException {}

    /** Runs once a snapshot is installed, to collect what no snapshot needs any longer. */
    void after(Snapshot installed) throws IOException;
  }

  private final RemoteRepository remote;
  private final LocalRepository store;
  private final PullOptions options;
  private final Time time;
  private final StopSignal stop;
  private final Collection collection;
  private final ReplayHealth replays;
  private final PackHealth packs = new PackHealth();
  private final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable String tag;
  private volatile List<String> unmatched = List.of();

  /** With all its cities, whichever of them are pulled. */
  private @Nullable Snapshot current;

  private boolean trustsCurrent;

  /** Cities whose files are to be read by the next pull; null if there is no doubt about any. */
  private volatile @Nullable Set<City> doubted;

  /**
   * A puller from this remote into this store.
   *
   * @param collection runs beside each pull; if it fails after an installation, that is logged and
   *     fails no pull
   */
  public Puller(
      RemoteRepository remote,
      LocalRepository store,
      PullOptions options,
      Time time,
      StopSignal stop,
      Collection collection) {
    this.remote = remote;
    this.store = store;
    this.options = options;
    this.time = time;
    this.stop = stop;
    this.collection = collection;
    this.replays =
        new ReplayHealth(Speeds.in(store.layout().control().resolve("speeds.json"), time));
  }

  /**
   * The remote's pointer, compared with the one that was followed last.
   *
   * @param wait how long to wait for another; zero asks and returns
   */
  public RemotePointer latest(Duration wait) throws PullException {
    try {
      return remote.latest(tag, wait);
    } catch (RemoteException e) {
      throw failed(e);
    }
  }

  /**
   * Says that what the store has under the right names and lengths could not be opened: the next
   * pull reads the files of these cities, and all manifests, and fetches again what has rotted.
   */
  public void doubt(Set<City> cities) {
    doubted = Set.copyOf(cities);
    // The remote is to answer though it has nothing new.
    tag = null;
  }

  /** How replayed merges came out. */
  public ReplayHealth replays() {
    return replays;
  }

  /** What was wrong with packs. */
  public PackHealth packs() {
    return packs;
  }

  /** Whether a pull is under way in this process. */
  public boolean isPulling() {
    return lock.isLocked();
  }

  /** The globs of the wanted cities that no city of the newest snapshot matched. */
  public List<String> unmatchedGlobs() {
    return unmatched;
  }

  /** Asks for the pointer, at most that long for a new one, and follows it. */
  public PullOutcome pull(Duration wait) throws PullException {
    return pull(latest(wait));
  }

  /** Follows a pointer that {@link #latest} returned. */
  public PullOutcome pull(RemotePointer pointer) throws PullException {
    return pull(pointer, unused -> {});
  }

  /**
   * Follows a pointer that {@link #latest} returned.
   *
   * @param listener hears what came of it before anything is collected: whoever serves what was
   *     installed need not wait for that. If it throws, nothing is collected.
   */
  public PullOutcome pull(RemotePointer pointer, Consumer<PullOutcome> listener)
      throws PullException {
    lock.lock();
    try {
      store.createFolders();
      Path file = store.layout().pullLock();
      String holder = "a pull, process " + ProcessHandle.current().pid();
      return switch (ProcessLock.tryTake(file, holder)) {
        case ProcessLock.Attempt.Held held ->
            throw new PullException.InUse(
                "the store %s is in use by %s: stop that one, or wait for it"
                    .formatted(store.layout().root(), held.holder()));
        case ProcessLock.Attempt.Taken taken -> {
          try {
            collection.before();
            PullOutcome outcome = follow(pointer);
            listener.accept(outcome);
            if (outcome instanceof PullOutcome.Installed installed) {
              collect(installed.snapshot());
            }
            yield outcome;
          } finally {
            taken.lock().close();
          }
        }
      };
    } catch (IOException e) {
      throw failed(e);
    } catch (DirectoryIteratorException e) {
      throw failed(new IOException("a folder can't be listed: " + e.getMessage(), e));
    } finally {
      lock.unlock();
    }
  }

  private PullOutcome follow(RemotePointer first) throws IOException, PullException {
    RemotePointer pointer = first;
    for (int restarts = 0; ; restarts++) {
      try {
        return switch (pointer) {
          case RemotePointer.Absent absent -> new PullOutcome.Nothing(absent.receipt());
          case RemotePointer.Unchanged unchanged -> unchanged(unchanged);
          case RemotePointer.Offered offered -> offered(offered);
        };
      } catch (RemoteException.NotFound e) {
        // Collected while it was being pulled: a newer one has taken its place.
        String known = pointer instanceof RemotePointer.Offered offered ? offered.tag() : null;
        RemotePointer next = remote.latest(known, Duration.ZERO);
        if (restarts >= RESTARTS || !(next instanceof RemotePointer.Offered)) {
          throw new PullException.Superseded(
              "%s names a file that is not there, and nothing newer: %s"
                  .formatted(remote.address(), e.getMessage()),
              e);
        }
        LOG.info(
            "{}: the snapshot was collected in mid-pull, pulling the newer one", e.getMessage());
        pointer = next;
      }
    }
  }

  private PullOutcome unchanged(RemotePointer.Unchanged pointer) throws IOException, PullException {
    Optional<Advertisement> held = held();
    if (held.isPresent()) {
      return new PullOutcome.UpToDate(held.get(), pointer.receipt());
    }
    // The pointer was removed from the store since: it has to be looked at again.
    tag = null;
    trustsCurrent = false;
    return switch (remote.latest(null, Duration.ZERO)) {
      case RemotePointer.Offered offered -> offered(offered);
      case RemotePointer other -> new PullOutcome.Nothing(other.receipt());
    };
  }

  private PullOutcome offered(RemotePointer.Offered pointer) throws IOException, PullException {
    long start = time.nanoTime();
    Receipt receipt = pointer.receipt();
    Advertisement offered;
    try {
      offered =
          PointerCodec.read(
              pointer.json().getBytes(StandardCharsets.UTF_8), "LATEST of " + remote.address());
    } catch (FormatException e) {
      if (e.isNewer()) {
        return new PullOutcome.Refused(
            new Refusal.NewerFormat(String.valueOf(e.getMessage())), receipt);
      }
      throw new PullException.Damaged(String.valueOf(e.getMessage()), e);
    }
    Advertisement held = held().orElse(null);
    removeRotten(held);
    Seen seen = Seen.read(store.layout()).orElse(null);
    return switch (PullPlanner.admit(offered, seen, held)) {
      case Admission.Refuse refuse -> new PullOutcome.Refused(refuse.refusal(), receipt);
      case Admission.Current now when trustsCurrent && held != null -> {
        Advertisement kept = refresh(pointer, offered, held, now.isFresher());
        tag = pointer.tag();
        yield new PullOutcome.UpToDate(kept, receipt);
      }
      case Admission.Current now -> attempt(pointer, offered, held, start, now.isFresher());
      case Admission.Admit admit -> attempt(pointer, offered, held, start, true);
    };
  }

  private void removeRotten(@Nullable Advertisement held) throws IOException {
    Set<City> cities = doubted;
    if (cities != null) {
      Snapshot known = currentOf(held);
      if (known != null) {
        RottenFiles.remove(store, known, cities);
      }
      trustsCurrent = false;
      doubted = null;
    }
  }

  private PullOutcome attempt(
      RemotePointer.Offered pointer,
      Advertisement offered,
      @Nullable Advertisement held,
      long start,
      boolean isFresher)
      throws IOException, PullException {
    Traffic traffic = new Traffic(remote, stop);
    PullAttempt attempt = new PullAttempt(traffic, store, options, replays, packs);
    Snapshot known = currentOf(held);
    // One that fails goes on later, so that what it fetches stays leased until that is too late.
    remote.fetching(offered.generation());
    PullAttempt.Result result = attempt.run(offered, known, trustsCurrent);
    remote.fetching(null);
    return switch (result) {
      case PullAttempt.Result.Refused refused ->
          new PullOutcome.Refused(refused.refusal(), pointer.receipt());
      case PullAttempt.Result.Ready ready -> {
        Duration fetch = time.since(start);
        Seen.of(offered).write(store.layout());
        CitySubset before = store.subset();
        // Whichever of LATEST and this is there after a crash, what both name together is whole.
        store.holdOnly(before.and(options.cities()));
        Advertisement kept = refresh(pointer, offered, held, isFresher);
        store.holdOnly(options.cities());
        current = ready.snapshot();
        trustsCurrent = true;
        tag = pointer.tag();
        unmatched = unmatchedIn(ready.snapshot());
        if (ready.wasComplete() && before.equals(options.cities())) {
          yield new PullOutcome.UpToDate(kept, pointer.receipt());
        }
        Snapshot installed = options.cities().of(ready.snapshot());
        PullReport report = report(traffic, ready.counts(), time.since(start), fetch);
        yield new PullOutcome.Installed(installed, kept, pointer.receipt(), report);
      }
    };
  }

  /** Takes over the offered pointer, byte for byte, if it says more than the one held. */
  private Advertisement refresh(
      RemotePointer.Offered pointer,
      Advertisement offered,
      @Nullable Advertisement held,
      boolean isFresher)
      throws IOException {
    if (held != null && !isFresher) {
      return held;
    }
    store.writeBytes(RepositoryLayout.LATEST, pointer.json().getBytes(StandardCharsets.UTF_8));
    return offered;
  }

  private Optional<Advertisement> held() throws IOException {
    try {
      return store.latest();
    } catch (FormatException e) {
      LOG.warn("{}; it is pulled again", e.getMessage());
      return Optional.empty();
    }
  }

  /** The snapshot that the store's pointer names, null if there is none or it can't be read. */
  private @Nullable Snapshot currentOf(@Nullable Advertisement held) {
    Snapshot known = current;
    if (held == null) {
      current = null;
    } else if (known == null
        || !known.generation().equals(held.generation())
        || !known.manifestDigest().equals(held.manifest())) {
      try {
        current = store.snapshot(held.generation(), held.manifest(), null);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("the store's own snapshot can't be read, it is pulled whole: {}", e.toString());
        current = null;
      }
      // Another process installed it: what it left is looked at once.
      trustsCurrent = false;
    }
    return current;
  }

  private List<String> unmatchedIn(Snapshot whole) {
    List<String> found = options.cities().unmatched(whole.cities().keySet());
    if (!found.isEmpty() && !found.equals(unmatched)) {
      LOG.warn(
          "no city of the {} that are published matches {} of pull.cities: correct them, or wait for their first documents",
          whole.cities().size(),
          found);
    }
    return found;
  }

  private void collect(Snapshot installed) {
    try {
      collection.after(installed);
    } catch (IOException e) {
      LOG.warn("old files of {} were not collected: {}", store.layout().root(), e.toString(), e);
    }
  }

  private static PullReport report(
      Traffic traffic, PullExecutor.Counts counts, Duration duration, Duration fetch) {
    return new PullReport(
        duration,
        fetch,
        traffic.bytes(),
        traffic.requests(),
        counts.fetched(),
        counts.packed(),
        counts.linked(),
        counts.kept(),
        counts.replayed(),
        counts.bytesReplayed());
  }

  private PullException failed(IOException e) {
    return stop.isRequested()
        ? new PullException.Stopped("the pull was stopped: " + e.getMessage(), e)
        : PullException.of(e, store.layout().root());
  }
}
