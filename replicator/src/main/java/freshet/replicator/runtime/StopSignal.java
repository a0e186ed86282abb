package freshet.replicator.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a running stage to end at its next safe point. Requested once, never withdrawn; safe for use
 * by several threads. Threads are not interrupted: one of them may be inside Lucene or a file
 * channel, which an interrupt would close.
 */
public final class StopSignal {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final List<Runnable> listeners = new ArrayList<>();

  /**
   * Requests the stop. The listeners run on the calling thread, each once; later calls do nothing.
   */
  public void request() {
    List<Runnable> toRun;
    synchronized (listeners) {
      if (requested.getCount() == 0) {
        return;
      }
      requested.countDown();
      toRun = List.copyOf(listeners);
    }
    toRun.forEach(StopSignal::run);
  }

  /** Whether a stop was requested. */
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /**
   * Waits until a stop is requested, at most that long.
   *
   * @return whether it was requested
   */
  public boolean await(Duration atMost) throws InterruptedException {
    return requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Waits until a stop is requested. */
  public void await() throws InterruptedException {
    requested.await();
  }

  /** Runs this on request, or now if that has happened already. */
  public void onRequest(Runnable listener) {
    synchronized (listeners) {
      if (requested.getCount() > 0) {
        listeners.add(listener);
        return;
      }
    }
    run(listener);
  }

  private static void run(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      // One listener that fails must not keep the others from hearing of the stop.
      LOG.error("a stop listener failed: {}", e.toString(), e);
    }
  }
}
