package freshet.replicator.swap;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the snapshot that queries see and replaces it as a whole.
 *
 * <p>A switch opens and warms every changed city beside the live snapshot, on a bounded pool, and
 * then changes one reference; if any city can't be opened, nothing changes. An old snapshot is
 * closed when its last lease ends. Thread-safe; switches are done one at a time.
 */
public final class SnapshotSwitch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSwitch.class);

  private final LocalRepository repository;
  private final Time time;
  private final ExecutorService openers;
  private final Object switching = new Object();

  /** Guards the three below. */
  private final Object lock = new Object();

  private final Map<LiveSnapshot, Integer> holds = new LinkedHashMap<>();
  private @Nullable LiveSnapshot live;
  private @Nullable Generation opening;

  /**
   * Nothing is live yet.
   *
   * @param repository where the snapshots' files are
   * @param threads how many cities are opened at a time
   */
  public SnapshotSwitch(LocalRepository repository, int threads, Time time) {
    this.repository = repository;
    this.time = time;
    this.openers = Workers.fixed("open", threads);
  }

  /**
   * Makes this snapshot the one that new leases get.
   *
   * @param snapshot whose files are complete and verified in the repository
   * @param advertisement the pointer that names it
   * @throws SwitchException if it could not be opened as its manifests say; the snapshot that was
   *     live still is
   */
  public SwitchReport switchTo(Snapshot snapshot, Advertisement advertisement)
      throws SwitchException {
    if (!isFor(advertisement, snapshot)) {
      throw new IllegalArgumentException(
          "the advertisement names %s (%s), the snapshot is %s (%s)"
              .formatted(
                  advertisement.generation(),
                  advertisement.manifest().brief(),
                  snapshot.generation(),
                  snapshot.manifestDigest().brief()));
    }
    synchronized (switching) {
      long start = time.nanoTime();
      LiveSnapshot old;
      synchronized (lock) {
        old = live;
        opening = snapshot.generation();
      }
      try {
        Opened opened = open(snapshot, old);
        LiveSnapshot next = expose(snapshot, advertisement, opened);
        SwitchReport report =
            new SwitchReport(
                next.generation(),
                next.cities().size(),
                snapshot.documents(),
                opened.anew,
                opened.over,
                opened.cities.size() - opened.anew - opened.over,
                time.since(start));
        LOG.info(
            "serving {}: {} documents, {} of {} cities changed, opened within {} ms",
            report.generation(),
            report.documents(),
            report.opened() + report.reopened(),
            report.cities(),
            report.took().toMillis());
        return report;
      } finally {
        synchronized (lock) {
          opening = null;
        }
      }
    }
  }

  /**
   * Takes note of a newer advertisement of the live snapshot, as a quiet master writes them.
   *
   * @return whether it is of the live snapshot
   */
  public boolean readvertise(Advertisement advertisement) {
    synchronized (lock) {
      LiveSnapshot current = live;
      if (current == null || !isFor(advertisement, current.snapshot())) {
        return false;
      }
      current.advertise(advertisement);
      return true;
    }
  }

  /** The live snapshot, to use until the lease is closed. Empty: nothing was switched to yet. */
  public Optional<Lease> acquire() {
    synchronized (lock) {
      LiveSnapshot current = live;
      if (current == null) {
        return Optional.empty();
      }
      holds.merge(current, 1, Integer::sum);
      return Optional.of(new Lease(current, this::giveBack));
    }
  }

  /** Generations whose files must stay: live, being opened, or still leased by a query. */
  public Set<Generation> inUse() {
    synchronized (lock) {
      Set<Generation> generations = new TreeSet<>();
      holds.keySet().forEach(snapshot -> generations.add(snapshot.generation()));
      if (opening != null) {
        generations.add(opening);
      }
      return generations;
    }
  }

  /** Nothing is live any more; snapshots that are still leased close when their leases do. */
  @Override
  public void close() {
    synchronized (switching) {
      openers.shutdown();
      LiveSnapshot old;
      synchronized (lock) {
        old = live;
        live = null;
      }
      if (old != null) {
        giveBack(old);
      }
    }
  }

  /** What was opened for a snapshot, each index held once. */
  private static final class Opened {
    final SortedMap<City, Shared<CityIndex>> cities = new TreeMap<>();
    final DocumentFields fields;
    int anew;
    int over;

    Opened(DocumentFields fields) {
      this.fields = fields;
    }
  }

  private Opened open(Snapshot snapshot, @Nullable LiveSnapshot old) throws SwitchException {
    Digest schema = snapshot.manifest().schema();
    Opened opened = new Opened(fields(snapshot, old));
    CityOpener opener = new CityOpener(repository, schema, new Warmer(opened.fields));
    Map<City, Future<Shared<CityIndex>>> tasks = new TreeMap<>();
    for (CityEntry entry : snapshot.cities().values()) {
      Shared<CityIndex> held = old == null ? null : old.held().get(entry.city());
      if (held != null && held.get().entry().hasSameFilesAs(entry)) {
        opened.cities.put(entry.city(), held.retain());
        continue;
      }
      CityIndex previous = held == null ? null : held.get();
      if (previous != null && previous.entry().incarnation().equals(entry.incarnation())) {
        opened.over++;
      } else {
        opened.anew++;
      }
      tasks.put(entry.city(), openers.submit(() -> opener.open(entry, previous)));
    }
    Map<City, Exception> failures = collect(tasks, opened.cities);
    if (!failures.isEmpty()) {
      SwitchException failure = failure(snapshot, old, failures);
      releaseAfter(failure, opened.cities);
      throw failure;
    }
    return opened;
  }

  private DocumentFields fields(Snapshot snapshot, @Nullable LiveSnapshot old)
      throws SwitchException {
    Digest schema = snapshot.manifest().schema();
    if (old != null && old.snapshot().manifest().schema().equals(schema)) {
      return old.fields();
    }
    try {
      return new DocumentFields(repository.schema(schema));
    } catch (IOException e) {
      String message =
          "snapshot %s not switched to: its schema: %s".formatted(snapshot.generation(), says(e));
      throw CityOpener.isDamage(e)
          ? new SwitchException.Damaged(message, e)
          : new SwitchException.Unreadable(message, e);
    }
  }

  /** Waits for every task, whatever fails, so that none is still opening when this returns. */
  private static Map<City, Exception> collect(
      Map<City, Future<Shared<CityIndex>>> tasks, Map<City, Shared<CityIndex>> into) {
    Map<City, Exception> failures = new TreeMap<>();
    boolean interrupted = false;
    for (Map.Entry<City, Future<Shared<CityIndex>>> task : tasks.entrySet()) {
      while (true) {
        try {
          into.put(task.getKey(), task.getValue().get());
          break;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          failures.put(task.getKey(), e.getCause() instanceof Exception cause ? cause : e);
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failures;
  }

  private static SwitchException failure(
      Snapshot snapshot, @Nullable LiveSnapshot old, Map<City, Exception> failures) {
    Map.Entry<City, Exception> first = failures.entrySet().iterator().next();
    Exception cause = first.getValue();
    boolean isDamage = failures.values().stream().anyMatch(CityOpener::isDamage);
    String others = failures.size() == 1 ? "" : " (and %d more)".formatted(failures.size() - 1);
    String message =
        "city %s%s: snapshot %s not switched to: %s; %s; %s"
            .formatted(
                first.getKey(),
                others,
                snapshot.generation(),
                says(cause),
                old == null ? "nothing is served" : old.generation() + " goes on being served",
                isDamage
                    ? "the next pull fetches what is wrong again"
                    : "it is tried again with the next pull");
    return isDamage
        ? new SwitchException.Damaged(message, cause)
        : new SwitchException.Unreadable(message, cause);
  }

  private static String says(Exception failure) {
    String message = failure.getMessage();
    return failure instanceof java.nio.file.NoSuchFileException
        ? "there is no file " + message
        : message == null ? failure.toString() : message;
  }

  private LiveSnapshot expose(Snapshot snapshot, Advertisement advertisement, Opened opened)
      throws SwitchException {
    LiveSnapshot next;
    try {
      next = new LiveSnapshot(snapshot, advertisement, opened.fields, time.now(), opened.cities);
    } catch (IOException | RuntimeException e) {
      // More than 2^31 documents, for one.
      SwitchException failure =
          new SwitchException.Damaged(
              "snapshot %s not switched to: %s".formatted(snapshot.generation(), says(e)), e);
      releaseAfter(failure, opened.cities);
      throw failure;
    }
    LiveSnapshot old;
    synchronized (lock) {
      old = live;
      live = next;
      holds.put(next, 1);
    }
    if (old != null) {
      giveBack(old);
    }
    return next;
  }

  private static void releaseAfter(Exception because, Map<City, Shared<CityIndex>> indexes) {
    try {
      LiveSnapshot.release(indexes);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private void giveBack(LiveSnapshot snapshot) {
    synchronized (lock) {
      Integer left = holds.merge(snapshot, -1, Integer::sum);
      if (left != null && left > 0) {
        return;
      }
    }
    try {
      snapshot.close();
    } catch (IOException e) {
      // The query that gave it back last has its result; this is for the log only.
      LOG.warn("{} did not close: {}", snapshot, e.toString(), e);
    } finally {
      synchronized (lock) {
        // Only now may its files be deleted.
        holds.remove(snapshot);
      }
    }
  }

  private static boolean isFor(Advertisement advertisement, Snapshot snapshot) {
    return advertisement.generation().equals(snapshot.generation())
        && advertisement.manifest().equals(snapshot.manifestDigest());
  }
}
