package freshet.indexer.bulk;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.build.WriterSettings;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Takes the documents of a whole table and builds the index of each city that they belong to. What
 * {@link #add} has taken survives the end of the process; what {@link #finish} has committed
 * survives that of the machine. Thread-safe: several ranges of the table are added at once, each by
 * the thread that calls, which does the work of indexing.
 */
public final class BulkLoad implements AutoCloseable {
  private final CityLoads cities;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<Integer, DocumentKey> reached = new ConcurrentHashMap<>();
  private final AtomicLong documents = new AtomicLong();

  private BulkLoad(CityLoads cities) {
    this.cities = cities;
  }

  /**
   * Goes on with what an earlier process has added to a folder, or begins.
   *
   * @param folder of the new indexes, each in its city's folder; made if absent. Nothing else may
   *     lie there
   * @param random where the names of new histories come from
   * @param rejected told of each document that Lucene refuses, by whichever thread; perhaps again
   *     after a restart. The others are not held up
   */
  public static BulkLoad open(
      Path folder,
      BulkOptions options,
      IndexSchema schema,
      RandomGenerator random,
      Consumer<BatchCounts.Rejected> rejected)
      throws IOException {
    return open(folder, options, schema, random, rejected, IndexDirectories.FILES);
  }

  static BulkLoad open(
      Path folder,
      BulkOptions options,
      IndexSchema schema,
      RandomGenerator random,
      Consumer<BatchCounts.Rejected> rejected,
      IndexDirectories directories)
      throws IOException {
    DurableFiles.deleteTree(folder);
    DurableFiles.createFolders(folder);
    WriterSettings settings = new WriterSettings(options.build(), schema, directories, random);
    return new BulkLoad(new CityLoads(folder, options, settings, directories, rejected));
  }

  /** The last key that was added of each range, by its number; ranges without any are missing. */
  public Map<Integer, DocumentKey> reached() {
    return Map.copyOf(reached);
  }

  /** Documents that were added so far, those before a restart included. */
  public long documents() {
    return documents.get();
  }

  /**
   * Adds a page of a range. Waits while the indexes are behind.
   *
   * @param range its number
   * @param page documents each of which was not added before
   * @param last the key up to which the range is done with this page
   * @throws IOException if the disk failed: everything that was added before is kept
   */
  public void add(int range, List<SourceDocument> page, DocumentKey last) throws IOException {
    lock.readLock().lock();
    try {
      cities.add(page);
      reached.put(range, last);
      documents.addAndGet(page.size());
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Commits all indexes, each with this position, so that they can be opened as working indexes. To
   * be called once, after the last page; nothing is added afterwards.
   */
  public void finish(SourcePosition position) throws IOException {
    lock.writeLock().lock();
    try {
      cities.commitFirst(position);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Gives up what is in memory; the next one goes on with what was added. */
  @Override
  public void close() throws IOException {
    lock.writeLock().lock();
    try {
      cities.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
