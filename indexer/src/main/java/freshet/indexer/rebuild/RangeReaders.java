package freshet.indexer.rebuild;

import freshet.indexer.bulk.BulkLoad;
import freshet.indexer.route.RoutingLoad;
import freshet.indexer.scan.KeyRange;
import freshet.indexer.scan.TableScan;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Reads ranges of the table, some at one time, into a bulk load. */
final class RangeReaders {
  /** How soon a changed number of threads takes effect. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Another range has failed: this one ends at its page. */
  private static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final TableScan scan;
  private final BulkLoad load;
  private final RoutingLoad routes;
  private final Selection selection;
  private final AtomicLong rows;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int running;
  private volatile @Nullable Exception failure;

  /**
   * Readers.
   *
   * @param routes where each document is noted beside its index
   * @param rows counts the rows that are read
   */
  RangeReaders(
      TableScan scan, BulkLoad load, RoutingLoad routes, Selection selection, AtomicLong rows) {
    this.scan = scan;
    this.load = load;
    this.routes = routes;
    this.selection = selection;
    this.rows = rows;
  }

  /**
   * Reads what is left of all ranges. If one fails the others end at their next page, and what was
   * added until then is kept.
   *
   * @param threads how many are read at one time; asked again and again
   */
  void run(List<KeyRange> ranges, IntSupplier threads)
      throws SourceException, IOException, InterruptedException {
    Map<Integer, DocumentKey> reached = load.reached();
    Queue<Integer> left = new ArrayDeque<>();
    for (int range = 0; range < ranges.size(); range++) {
      DocumentKey last = reached.get(range);
      if (last == null || !last.equals(ranges.get(range).upTo())) {
        left.add(range);
      }
    }
    try (ExecutorService readers = Workers.virtual("rebuild")) {
      lock.lock();
      try {
        while (running > 0 || (failure == null && !left.isEmpty())) {
          while (failure == null && !left.isEmpty() && running < threads.getAsInt()) {
            int range = left.remove();
            DocumentKey last = reached.get(range);
            KeyRange whole = ranges.get(range);
            KeyRange rest = last == null ? whole : whole.startingAfter(last);
            running++;
            readers.execute(() -> read(range, rest));
          }
          long unused = changed.awaitNanos(LOOK.toNanos());
        }
      } finally {
        lock.unlock();
      }
    }
    switch (failure) {
      case null -> {}
      case SourceException e -> throw e;
      case IOException e -> throw e;
      case Exception e -> throw new IllegalStateException("reading a range failed", e);
    }
  }

  private void read(int range, KeyRange rest) {
    Exception mine = null;
    try {
      scan.read(
          rest,
          (page, last) -> {
            if (failure != null) {
              throw new Ended();
            }
            List<SourceDocument> documents = selection.documents(page);
            load.add(range, documents, last);
            for (SourceDocument document : documents) {
              routes.add(document.city(), document.key());
            }
            rows.addAndGet(page.size());
          });
    } catch (SourceException | IOException | RuntimeException e) {
      mine = e;
    }
    lock.lock();
    try {
      if (mine != null && failure == null) {
        failure = mine;
      }
      running--;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
