package freshet.indexer.bulk;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.build.WriterSettings;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Workers;
import freshet.replicator.schema.DocumentMaker;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of all cities while they are loaded, opened on demand. What they buffer is bounded
 * over all of them: whoever fills the bound writes the largest buffer to disk. Documents are added
 * by several threads at once; the other methods are called while none does.
 */
final class CityLoads implements AutoCloseable {
  // Syncing many files is much faster in parallel, whatever the number of processors.
  private static final int COMMIT_THREADS = 16;
  private static final long MEGABYTE = 1L << 20;

  private final LoadFolder folder;
  private final BulkOptions options;
  private final WriterSettings settings;
  private final IndexDirectories directories;
  private final Consumer<BatchCounts.Rejected> rejected;
  private final ExecutorService committers = Workers.fixed("load", COMMIT_THREADS);
  private final Map<City, CityLoad> open = new ConcurrentHashMap<>();
  private final AtomicLong bufferedBytes = new AtomicLong();

  CityLoads(
      LoadFolder folder,
      BulkOptions options,
      WriterSettings settings,
      IndexDirectories directories,
      Consumer<BatchCounts.Rejected> rejected) {
    this.folder = folder;
    this.options = options;
    this.settings = settings;
    this.directories = directories;
    this.rejected = rejected;
  }

  /** Adds documents of any cities. */
  void add(List<SourceDocument> documents) throws IOException {
    Map<City, List<SourceDocument>> byCity = new HashMap<>();
    for (SourceDocument document : documents) {
      byCity.computeIfAbsent(document.city(), city -> new ArrayList<>()).add(document);
    }
    DocumentMaker maker = new DocumentMaker(settings.schema());
    Map<City, List<SourceDocument>> busy = new HashMap<>();
    for (Map.Entry<City, List<SourceDocument>> one : byCity.entrySet()) {
      CityLoad load = load(one.getKey());
      List<SourceDocument> due = load.collect(one.getValue());
      if (due.isEmpty()) {
        continue;
      }
      if (load.tryAdd(due, maker)) {
        settle(load);
      } else {
        busy.put(one.getKey(), due);
      }
    }
    for (Map.Entry<City, List<SourceDocument>> one : busy.entrySet()) {
      CityLoad load = load(one.getKey());
      load.add(one.getValue(), maker);
      settle(load);
    }
  }

  /** Whether more indexes are open than may stay so. */
  boolean areTooMany() {
    return open.size() > options.maxOpenCities();
  }

  /** Commits all indexes that are open. They hold the pages before this one. */
  void commit(long page) throws IOException {
    Map<String, String> userData = LoadFolder.userData(page);
    onEach(
        open.keySet(),
        city -> {
          CityLoad load = load(city);
          load.addCollected(new DocumentMaker(settings.schema()));
          load.commit(userData);
        });
    DurableFiles.syncFolder(folder.path());
    if (areTooMany()) {
      closeAll();
    }
    open.values().forEach(load -> bufferedBytes.addAndGet(load.measure()));
  }

  /**
   * Commits all indexes, as the first of a new history each, and closes them. They hold the pages
   * before this one.
   */
  void commitFirst(SourcePosition position, long page) throws IOException {
    onEach(
        folder.cities(),
        city -> {
          CityLoad load = load(city);
          load.addCollected(new DocumentMaker(settings.schema()));
          boolean isEmpty = load.isEmpty();
          if (!isEmpty) {
            Map<String, String> userData = new HashMap<>(settings.firstCommit(city, position));
            userData.putAll(LoadFolder.userData(page));
            load.commit(userData);
          }
          open.remove(city);
          load.close();
          if (isEmpty) {
            DurableFiles.deleteTree(folder.of(city));
          }
        });
    DurableFiles.syncFolder(folder.path());
  }

  /** Closes all indexes; what is not committed is gone. */
  void closeAll() throws IOException {
    List<CityLoad> all = List.copyOf(open.values());
    open.clear();
    bufferedBytes.set(0);
    IOUtils.applyToAll(all, CityLoad::close);
  }

  @Override
  public void close() throws IOException {
    committers.shutdown();
    try {
      closeAll();
    } finally {
      settings.close();
    }
  }

  private CityLoad load(City city) throws IOException {
    CityLoad load = open.get(city);
    if (load != null) {
      return load;
    }
    try {
      return open.computeIfAbsent(city, this::opened);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private CityLoad opened(City city) {
    @Nullable Directory directory = null;
    try {
      Path own = Files.createDirectories(folder.of(city));
      directory = directories.open(own);
      return new CityLoad(
          city,
          directory,
          settings.openForLoad(directory, options.ramBufferMegabytes()),
          options.collectedBytes(),
          rejected);
    } catch (IOException e) {
      IOUtils.closeWhileHandlingException(directory);
      throw new UncheckedIOException(e);
    }
  }

  /** Counts what a city buffers now, and writes the largest buffer if all together are too much. */
  private void settle(CityLoad load) throws IOException {
    long all = bufferedBytes.addAndGet(load.measure());
    if (all <= options.ramBufferMegabytes() * MEGABYTE) {
      return;
    }
    CityLoad largest = load;
    for (CityLoad other : open.values()) {
      if (!other.isFlushing() && other.bufferedBytes() > largest.bufferedBytes()) {
        largest = other;
      }
    }
    largest.flush();
    bufferedBytes.addAndGet(largest.measure());
  }

  private interface Step {
    void on(City city) throws IOException;
  }

  /** Does this for each city, several at once, and waits for all, whichever fail. */
  private void onEach(Collection<City> cities, Step step) throws IOException {
    List<Future<?>> running = new ArrayList<>();
    for (City city : cities) {
      running.add(
          committers.submit(
              () -> {
                step.on(city);
                return city;
              }));
    }
    Throwable failure = null;
    boolean interrupted = false;
    for (Future<?> one : running) {
      while (!one.isDone() || one.state() != Future.State.SUCCESS) {
        try {
          one.get();
        } catch (ExecutionException e) {
          failure = IOUtils.useOrSuppress(failure, e.getCause());
          break;
        } catch (InterruptedException e) {
          // Lucene must not be left alone in mid-commit.
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw IOUtils.rethrowAlways(failure);
    }
  }
}
