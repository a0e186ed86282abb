package freshet.indexer.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/**
 * Working indexes on a disk that fails, in named cities or at the Nth write of all, or that hangs
 * in named cities.
 */
public final class FaultyDirectories implements IndexDirectories {
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger writes = new AtomicInteger();
  private volatile int failAt = -1;
  private volatile Runnable beforeAndAfterSyncs = () -> {};

  /** Writes to this city's folder fail from now on. */
  public void fail(String folder) {
    failing.add(folder);
  }

  /** Writes of builders to this city's folder hang from now on. */
  public void hang(String folder) {
    hanging.putIfAbsent(folder, new CountDownLatch(1));
  }

  /** The cities where a write hangs now. */
  public Set<String> waiting() {
    return Set.copyOf(waiting);
  }

  /** Writes to this city's folder go on, or fail. */
  public void heal(String folder) {
    CountDownLatch latch = hanging.remove(folder);
    if (latch != null) {
      latch.countDown();
    }
  }

  /** Nothing fails or hangs any more. */
  public void heal() {
    failing.clear();
    failAt = -1;
    hanging.values().forEach(CountDownLatch::countDown);
    hanging.clear();
  }

  /** The Nth write from now on, counted from 0 over all cities, fails; only that one. */
  public void failAt(int n) {
    writes.set(0);
    failAt = n;
  }

  /** Writes since {@link #failAt}. */
  public int writes() {
    return writes.get();
  }

  /** Runs before and after everything that makes writes durable or visible. */
  public void aroundSyncs(Runnable observer) {
    beforeAndAfterSyncs = observer;
  }

  @Override
  public Directory open(Path folder) throws IOException {
    String name = String.valueOf(folder.getFileName());
    return new FilterDirectory(FSDirectory.open(folder)) {
      @Override
      public IndexOutput createOutput(String file, IOContext context) throws IOException {
        before(name, file);
        return super.createOutput(file, context);
      }

      @Override
      public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
          throws IOException {
        before(name, prefix);
        return super.createTempOutput(prefix, suffix, context);
      }

      @Override
      public void sync(Collection<String> files) throws IOException {
        beforeAndAfterSyncs.run();
        before(name, "sync");
        super.sync(files);
        beforeAndAfterSyncs.run();
      }

      @Override
      public void syncMetaData() throws IOException {
        beforeAndAfterSyncs.run();
        before(name, "sync of the folder");
        super.syncMetaData();
        beforeAndAfterSyncs.run();
      }

      @Override
      public void rename(String from, String to) throws IOException {
        beforeAndAfterSyncs.run();
        before(name, to);
        super.rename(from, to);
        beforeAndAfterSyncs.run();
      }
    };
  }

  private void before(String folder, String what) throws IOException {
    CountDownLatch latch = hanging.get(folder);
    if (latch != null && Thread.currentThread().getName().startsWith("build")) {
      waiting.add(folder);
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      } finally {
        waiting.remove(folder);
      }
    }
    if (writes.getAndIncrement() == failAt || failing.contains(folder)) {
      throw new IOException("no space left on device: " + folder + "/" + what);
    }
  }
}
