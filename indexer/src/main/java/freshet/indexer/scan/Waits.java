package freshet.indexer.scan;

import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.StopSignal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the threads of a scan wait for. Thread-safe. */
final class Waits {
  private final Map<Thread, String> reasons = new ConcurrentHashMap<>();

  /** The calling thread waits, or goes on waiting for another reason. */
  void begin(String why) {
    reasons.put(Thread.currentThread(), why);
  }

  /** It does not any more. */
  void end() {
    reasons.remove(Thread.currentThread());
  }

  /** One of the reasons. */
  Optional<String> reason() {
    return reasons.values().stream().findFirst();
  }

  /**
   * Lets the calling thread wait.
   *
   * @throws SourceException.Stopped if a stop is requested before or meanwhile
   */
  void await(StopSignal stop, Duration atMost) throws SourceException {
    try {
      if (stop.await(atMost)) {
        throw new SourceException.Stopped("the scan was stopped while it waited", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException.Stopped("the scan was interrupted while it waited", e);
    }
  }
}
