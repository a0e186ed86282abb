package freshet.indexer.merge;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs merges one after the other on threads of its own. An index waits at most once, so the queue
 * is never longer than there are indexes. A merge that fails is logged and given up; it is due
 * again at the index's next commit. Thread-safe.
 */
public final class MergeQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MergeQueue.class);
  private static final long LOOK_AGAIN_MILLIS = 20;

  /** Merges what is due in one index. */
  public interface Job {
    void run() throws IOException;
  }

  private final ExecutorService threads;
  private final Set<String> waiting = new HashSet<>();
  private int unfinished;
  private boolean closed;

  /** Starts that many threads once there is work. */
  public MergeQueue(int threads) {
    this.threads = Workers.fixed("merge", threads);
  }

  /** Queues an index's merges, unless it waits already. */
  public synchronized void submit(String index, Job job) {
    if (closed || !waiting.add(index)) {
      return;
    }
    unfinished++;
    threads.execute(() -> run(index, job));
  }

  /** Waits until nothing waits or runs; false if that was not so by the deadline. */
  public synchronized boolean awaitIdle(Deadline deadline) throws InterruptedException {
    while (unfinished > 0) {
      if (deadline.isPast()) {
        return false;
      }
      wait(LOOK_AGAIN_MILLIS);
    }
    return true;
  }

  /** Starts nothing any more. A merge that runs ends when its writer is rolled back. */
  @Override
  public synchronized void close() {
    closed = true;
    threads.shutdown();
  }

  private void run(String index, Job job) {
    synchronized (this) {
      waiting.remove(index);
    }
    try {
      if (!isClosed()) {
        job.run();
      }
    } catch (IOException | RuntimeException e) {
      if (!isClosed()) {
        LOG.warn("index {} was not merged, tried again after its next commit: {}", index, e, e);
      }
    } finally {
      synchronized (this) {
        unfinished--;
        notifyAll();
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }
}
