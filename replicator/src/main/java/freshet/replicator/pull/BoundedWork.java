package freshet.replicator.pull;

import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/** Does something for many things, several at a time, until one fails. */
final class BoundedWork {
  /** What is done for one thing. */
  interface Work<T> {
    void on(T thing) throws IOException, PullException;
  }

  private BoundedWork() {}

  /**
   * Returns when all is done, and throws the first failure once every thread has ended.
   *
   * @param atATime bound of the threads
   */
  static <T> void forEach(Collection<T> things, int atATime, Traffic traffic, Work<T> work)
      throws IOException, PullException {
    if (things.size() <= 1 || atATime == 1) {
      for (T thing : things) {
        traffic.failIfHalted();
        work.on(thing);
      }
      return;
    }
    Queue<T> left = new ConcurrentLinkedQueue<>(things);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (ExecutorService workers = Workers.virtual("pull")) {
      for (int i = 0; i < Math.min(atATime, things.size()); i++) {
        workers.execute(() -> drain(left, failure, traffic, work));
      }
    }
    Throwable first = failure.get();
    switch (first) {
      case null -> {}
      case IOException e -> throw e;
      case PullException e -> throw e;
      default -> throw new IllegalStateException("a worker of the pull failed", first);
    }
  }

  private static <T> void drain(
      Queue<T> left, AtomicReference<Throwable> failure, Traffic traffic, Work<T> work) {
    try {
      for (T thing = left.poll(); thing != null; thing = left.poll()) {
        traffic.failIfHalted();
        work.on(thing);
      }
    } catch (IOException | PullException | RuntimeException | Error e) {
      // Handed to the thread that waits. The others stop by Traffic, and their failures follow
      // from this one.
      if (failure.compareAndSet(null, e)) {
        traffic.halt();
      }
    }
  }
}
