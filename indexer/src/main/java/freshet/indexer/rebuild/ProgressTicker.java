package freshet.indexer.rebuild;

import freshet.replicator.runtime.Workers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs something every second on a thread of its own, and once more at its end. */
final class ProgressTicker {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  ProgressTicker(Runnable tick) {
    thread = Workers.thread("rebuild-progress", () -> run(tick));
    thread.start();
  }

  private void run(Runnable tick) {
    try {
      boolean isLast;
      do {
        isLast = ended.await(EVERY.toNanos(), TimeUnit.NANOSECONDS);
        tick.run();
      } while (!isLast);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns once it has run for the last time. */
  void end() throws InterruptedException {
    ended.countDown();
    thread.join();
  }
}
