package freshet.replicator.runtime;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named threads: a fixed pool for what computes, virtual threads for what waits for the network.
 */
public final class Workers {
  private Workers() {}

  /**
   * A pool of this many daemon threads, named {@code name-1}, {@code name-2} and so on, with an
   * unbounded queue.
   */
  public static ThreadPoolExecutor fixed(String name, int threads) {
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
  }

  /** One virtual thread for each task, named alike. The caller bounds how many tasks there are. */
  public static ExecutorService virtual(String name) {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 1).factory());
  }

  /** A daemon thread of that name, not yet started. */
  public static Thread thread(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name(name).unstarted(body);
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return body -> thread(name + "-" + count.incrementAndGet(), body);
  }
}
