package freshet.indexer.bulk;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.build.WriterSettings;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.files.Digest;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.schema.ValueBytes;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.SourcePosition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the documents of a whole table and builds the index of each city that they belong to. What
 * {@link #add} has taken survives the end of the process: a page is written to a spool before it is
 * indexed, and all indexes are committed when the spool has grown large, after which it begins
 * anew. What {@link #finish} has committed survives the end of the machine too; before that, a
 * crash of the machine may cost pages at the end, which {@link #reached} tells.
 *
 * <p>Thread-safe: several ranges of the table are added at once, each by the thread that calls,
 * which does the work of indexing. After a failure nothing works any more but {@link #close}; what
 * was added is found by the next {@link #open}.
 */
public final class BulkLoad implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BulkLoad.class);
  private static final int LARGEST_KEPT_BUFFER = 16 << 20;
  private static final int FIRST_BUFFER = 1 << 20;

  private final LoadFolder folder;
  private final Digest schema;
  private final long maxSpoolBytes;
  private final CityLoads cities;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<Integer, DocumentKey> reached = new ConcurrentHashMap<>();
  private final AtomicLong documents = new AtomicLong();
  private final AtomicLong rejections;
  private final Queue<ValueBytes> buffers = new ConcurrentLinkedQueue<>();
  private @Nullable Spool spool;
  private volatile @Nullable Exception failure;

  private BulkLoad(
      LoadFolder folder,
      Digest schema,
      BulkOptions options,
      CityLoads cities,
      AtomicLong rejections) {
    this.folder = folder;
    this.schema = schema;
    this.maxSpoolBytes = options.spoolMegabytes() * (1L << 20);
    this.cities = cities;
    this.rejections = rejections;
  }

  /**
   * Goes on with what an earlier process has added to a folder by the same schema, or begins.
   *
   * @param folder of the new indexes, each in its city's folder; made if absent. Nothing else may
   *     lie there: it is removed
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
      Path path,
      BulkOptions options,
      IndexSchema schema,
      RandomGenerator random,
      Consumer<BatchCounts.Rejected> rejected,
      IndexDirectories directories)
      throws IOException {
    DurableFiles.createFolders(path);
    LoadFolder folder = new LoadFolder(path);
    WriterSettings settings = new WriterSettings(options.build(), schema, directories, random);
    AtomicLong rejections = new AtomicLong();
    Consumer<BatchCounts.Rejected> counted =
        one -> {
          rejections.incrementAndGet();
          rejected.accept(one);
        };
    CityLoads cities = new CityLoads(folder, options, settings, directories, counted);
    BulkLoad load = new BulkLoad(folder, settings.schemaDigest(), options, cities, rejections);
    try {
      if (!load.goOn(directories)) {
        load.begin();
      }
      return load;
    } catch (IOException | RuntimeException e) {
      try (load) {
        throw load.failed("open", e);
      }
    }
  }

  /** The last key that was added of each range, by its number; ranges without any are missing. */
  public Map<Integer, DocumentKey> reached() {
    return Map.copyOf(reached);
  }

  /** Documents that were added so far, those before a restart included. */
  public long documents() {
    return documents.get();
  }

  /** Documents that Lucene has refused since {@link #open}. */
  public long rejected() {
    return rejections.get();
  }

  /**
   * Adds a page of a range, in the order of its keys. Waits while all indexes are committed.
   *
   * @param range its number
   * @param page documents each of which was not added before
   * @param last the key up to which the range is done with this page
   * @throws IOException if the disk failed: everything that was added before is kept
   */
  public void add(int range, List<SourceDocument> page, DocumentKey last) throws IOException {
    boolean isFull;
    lock.readLock().lock();
    try {
      Spool open = usable();
      spool(open, new SpooledPage(range, last, page));
      reached.put(range, last);
      documents.addAndGet(page.size());
      cities.add(page);
      isFull = isFull(open);
    } catch (IOException | RuntimeException e) {
      throw failed("add to", e);
    } finally {
      lock.readLock().unlock();
    }
    if (isFull) {
      commitIfFull();
    }
  }

  /**
   * Commits all indexes, each with this position, so that they can be opened as working indexes. To
   * be called after the last page; nothing is added afterwards. If the process ends before it
   * returns, it is to be called again by the next one.
   */
  public void finish(SourcePosition position) throws IOException {
    lock.writeLock().lock();
    try {
      Spool open = usable();
      cities.commitFirst(position, open.next());
      folder.write(state(open.next()));
      open.close();
      spool = null;
      folder.deleteSpoolsExcept(-1);
    } catch (IOException | RuntimeException e) {
      throw failed("finish", e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Gives up what is in memory; the next one goes on with what was added. */
  @Override
  public void close() throws IOException {
    lock.writeLock().lock();
    try {
      Spool open = spool;
      spool = null;
      IOUtils.close(open, cities::close);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Goes on with what lies there; false if that can't be. */
  private boolean goOn(IndexDirectories directories) throws IOException {
    LoadState state;
    Map<City, Long> committed;
    try {
      state = folder.read(schema).orElse(null);
      committed = folder.committed(directories);
    } catch (FormatException
        | CorruptIndexException
        | IndexFormatTooNewException
        | IndexFormatTooOldException
        | FileNotFoundException
        | NoSuchFileException e) {
      LOG.warn("{}: the load begins anew, since it is damaged: {}", folder.path(), e.toString());
      return false;
    }
    if (state == null) {
      return false;
    }
    reached.putAll(state.reached());
    documents.set(state.documents());
    Spool open =
        Spool.open(
            folder.spool(state.firstPage()),
            state.firstPage(),
            (number, page) -> readAgain(number, page, committed));
    spool = open;
    folder.deleteSpoolsExcept(state.firstPage());
    if (committed.values().stream().anyMatch(page -> page > open.next())) {
      // Reading on from here would bring documents of those pages a second time.
      LOG.warn(
          "{}: the load begins anew, since the machine stopped before page {} of the spool was"
              + " written, and while indexes were committed that hold it",
          folder.path(),
          open.next());
      return false;
    }
    return true;
  }

  private void readAgain(long number, SpooledPage page, Map<City, Long> committed)
      throws IOException {
    cities.add(
        page.documents().stream()
            .filter(one -> committed.getOrDefault(one.city(), 0L) <= number)
            .toList());
    reached.put(page.range(), page.last());
    documents.addAndGet(page.documents().size());
  }

  private void begin() throws IOException {
    cities.closeAll();
    reached.clear();
    documents.set(0);
    IOUtils.close(spool);
    folder.clear();
    folder.write(LoadState.start(schema));
    spool = Spool.open(folder.spool(0), 0, (number, page) -> {});
  }

  private void spool(Spool open, SpooledPage page) throws IOException {
    ValueBytes kept = buffers.poll();
    ValueBytes bytes = kept == null ? new ValueBytes(FIRST_BUFFER) : kept;
    Spool.begin(bytes);
    page.write(bytes);
    open.append(bytes);
    if (bytes.array().length <= LARGEST_KEPT_BUFFER) {
      buffers.add(bytes);
    }
  }

  private boolean isFull(Spool open) {
    return open.length() > maxSpoolBytes || cities.areTooMany();
  }

  private void commitIfFull() throws IOException {
    lock.writeLock().lock();
    try {
      Spool open = usable();
      if (isFull(open)) {
        commit(open);
      }
    } catch (IOException | RuntimeException e) {
      throw failed("commit", e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void commit(Spool open) throws IOException {
    long next = open.next();
    cities.commit(next);
    folder.write(state(next));
    open.close();
    spool = Spool.open(folder.spool(next), next, (number, page) -> {});
    folder.deleteSpoolsExcept(next);
    LOG.info("{}: {} documents are committed", folder.path(), documents);
  }

  private LoadState state(long next) {
    return new LoadState(schema, next, documents.get(), new TreeMap<>(reached));
  }

  private Spool usable() throws IOException {
    Exception earlier = failure;
    Spool open = spool;
    if (earlier != null || open == null) {
      throw new IOException("it is closed, or has failed before", earlier);
    }
    return open;
  }

  private IOException failed(String attempt, Exception e) {
    if (failure == null) {
      failure = e;
    }
    String free;
    try {
      free = "%,d bytes".formatted(DiskSpace.freeBytes(folder.path()));
    } catch (IOException noFigure) {
      e.addSuppressed(noFigure);
      free = "an unknown number of bytes";
    }
    return new IOException(
        ("could not %s the load in %s, where %s are free: %s. What was added before is kept: see to"
                + " the disk, then run the same command again")
            .formatted(attempt, folder.path(), free, e),
        e);
  }
}
