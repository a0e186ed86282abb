package freshet.indexer.build;

import freshet.indexer.route.CityBatch;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that build: several cities at one time, the largest batch first. */
final class Builders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Builders.class);
  private static final long CLOSE_SECONDS = 60;

  private final ExecutorService threads;

  Builders(int threads) {
    this.threads = Workers.fixed("build", threads);
  }

  /** Applies each batch and waits for all of them; one that throws is a failed outcome. */
  SortedMap<City, CityOutcome> apply(
      Collection<CityBatch> batches, Function<CityBatch, CityOutcome> apply) {
    List<CityBatch> largestFirst = new ArrayList<>(batches);
    largestFirst.sort(Comparator.comparingInt(CityBatch::size).reversed());
    Map<City, Future<CityOutcome>> running = new TreeMap<>();
    for (CityBatch batch : largestFirst) {
      running.put(batch.city(), threads.submit(() -> outcome(batch, apply)));
    }
    SortedMap<City, CityOutcome> outcomes = new TreeMap<>();
    running.forEach((city, future) -> outcomes.put(city, ended(future)));
    return outcomes;
  }

  /** Starts nothing more; what is being built ends. */
  void shutDown() {
    threads.shutdown();
  }

  /** Waits until nothing is being built. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("closing: a city is still being built after {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static CityOutcome outcome(CityBatch batch, Function<CityBatch, CityOutcome> apply) {
    try {
      return apply.apply(batch);
    } catch (RuntimeException e) {
      return new CityOutcome.Failed(e);
    }
  }

  private static CityOutcome ended(Future<CityOutcome> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          // The city's batch must end anyway: its thread may be inside Lucene.
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException("a build thread died", e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
