package freshet.replicator.swap;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import org.apache.lucene.index.IndexReader;
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

  private final Time time;
  private final ExecutorService openers;
  private final SnapshotOpener opener;

  /** Guarded by switching. */
  private final MovedDocuments moved;

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
    this.time = time;
    this.openers = Workers.fixed("open", threads);
    this.opener = new SnapshotOpener(repository, openers);
    this.moved = new MovedDocuments(repository);
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
    return switchTo(snapshot, advertisement, snapshot);
  }

  /**
   * Makes this snapshot the one that new leases get, with some cities as they were before.
   *
   * @param shown what queries see: the newest snapshot, with other entries for some cities
   * @param advertisement the pointer that names it
   * @param newest the snapshot as the repository has it
   * @throws SwitchException as {@link #switchTo(Snapshot, Advertisement)}
   */
  public SwitchReport switchTo(Snapshot shown, Advertisement advertisement, Snapshot newest)
      throws SwitchException {
    return switchTo(shown, advertisement, newest, Set.of());
  }

  /**
   * Opens these cities of the live snapshot anew: files of theirs were replaced by sound ones, and
   * whoever has the old ones open goes on reading those. Does nothing if nothing is live.
   */
  public void reopen(Set<City> cities) throws SwitchException {
    synchronized (switching) {
      LiveSnapshot current;
      synchronized (lock) {
        current = live;
      }
      if (current != null) {
        switchTo(current.snapshot(), current.advertisement(), current.newest(), cities);
      }
    }
  }

  private SwitchReport switchTo(
      Snapshot snapshot, Advertisement advertisement, Snapshot newest, Set<City> unusable)
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
        SnapshotOpener.Opened opened = opener.open(snapshot, old, unusable);
        LiveSnapshot next = expose(snapshot, advertisement, newest, opened);
        SwitchReport report =
            new SwitchReport(
                next.generation(),
                next.cities().size(),
                snapshot.documents(),
                opened.anew(),
                opened.over(),
                opened.cities().size() - opened.anew() - opened.over(),
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

  private LiveSnapshot expose(
      Snapshot snapshot, Advertisement advertisement, Snapshot newest, SnapshotOpener.Opened opened)
      throws SwitchException {
    SortedMap<City, IndexReader> hiding = Collections.emptySortedMap();
    LiveSnapshot next;
    try {
      hiding = moved.hiding(newest, LiveSnapshot.indexes(opened.cities()));
      next =
          new LiveSnapshot(
              snapshot,
              newest,
              advertisement,
              opened.fields(),
              time.now(),
              opened.cities(),
              hiding);
    } catch (IOException | RuntimeException e) {
      // More than 2^31 documents, for one, or a segment that can't be read.
      SwitchException failure =
          new SwitchException.Damaged(
              "snapshot %s not switched to: %s"
                  .formatted(snapshot.generation(), SnapshotOpener.says(e)),
              Set.of(),
              e);
      SnapshotOpener.releaseAfter(failure, hiding, opened.cities());
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
