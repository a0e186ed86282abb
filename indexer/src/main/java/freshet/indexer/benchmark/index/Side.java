package freshet.indexer.benchmark.index;

import freshet.replicator.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Threads side by side. */
final class Side {
  private Side() {}

  interface Work {
    void run(int thread) throws Exception;
  }

  static void bySide(int threads, Work work) throws Exception {
    try (ExecutorService workers = Workers.fixed("index", threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        running.add(
            workers.submit(
                () -> {
                  work.run(thread);
                  return thread;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }
}
