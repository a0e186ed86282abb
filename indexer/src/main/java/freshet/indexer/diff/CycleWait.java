package freshet.indexer.diff;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.CycleTimes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Waits for cycles of a master that runs, by what it says in LATEST.
 *
 * @param repository that it publishes to
 * @param atMost how long to wait for one; zero if no master runs, so that none will come
 * @param time of this host, which is the master's too
 * @param stop ends the wait
 */
public record CycleWait(LocalRepository repository, Duration atMost, Time time, StopSignal stop) {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  /** Waits until a cycle is published that began from now on; false if none was. */
  public boolean next() throws IOException, InterruptedException {
    Instant from = time.now();
    return until(
        () -> {
          CycleTimes times = repository.latest().map(latest -> latest.times()).orElse(null);
          return times != null && !times.pollStarted().isBefore(from);
        });
  }

  /** Something that a master brings about. */
  public interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits until something holds; false if it does not in time. */
  public boolean until(Condition condition) throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(time, atMost);
    while (!condition.holds()) {
      if (deadline.isPast() || stop.await(LOOK_EVERY)) {
        return false;
      }
    }
    return true;
  }
}
