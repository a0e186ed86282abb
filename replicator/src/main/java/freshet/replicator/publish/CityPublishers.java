package freshet.replicator.publish;

import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The threads that put cities into the repository: several at one time, since each mostly waits for
 * the disk, and syncs that wait together are one.
 */
final class CityPublishers implements AutoCloseable {
  private static final int AT_ONCE = 16;

  private final CityPublisher publisher;
  private final ExecutorService threads = Workers.fixed("publish", AT_ONCE);

  CityPublishers(CityPublisher publisher) {
    this.publisher = publisher;
  }

  /** How one commit is placed. */
  interface Placing {
    CityPublisher.Placed place(CityPublisher publisher, CityCommit commit)
        throws IOException, PublishException;
  }

  /**
   * Places all commits. Nothing is being placed any more when it returns or throws.
   *
   * @throws PublishException of the first commit, in their order, that could not be placed
   */
  Map<City, CityPublisher.Placed> place(List<CityCommit> commits, Placing placing)
      throws IOException, PublishException {
    Map<City, Future<CityPublisher.Placed>> running = new LinkedHashMap<>();
    for (CityCommit commit : commits) {
      running.put(commit.city(), threads.submit(() -> placing.place(publisher, commit)));
    }
    Map<City, CityPublisher.Placed> placed = new LinkedHashMap<>();
    Throwable first = null;
    for (Map.Entry<City, Future<CityPublisher.Placed>> city : running.entrySet()) {
      try {
        placed.put(city.getKey(), ended(city.getValue()));
      } catch (ExecutionException e) {
        first = first == null ? e.getCause() : first;
      }
    }
    if (first instanceof PublishException e) {
      throw e;
    }
    if (first instanceof IOException e) {
      throw e;
    }
    if (first != null) {
      throw new IllegalStateException("a city could not be placed", first);
    }
    return placed;
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  private static CityPublisher.Placed ended(Future<CityPublisher.Placed> running)
      throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return running.get();
        } catch (InterruptedException e) {
          // It must end anyway: its thread may be inside a channel, which an interrupt closes.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
