package freshet.indexer.scan;

import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the threads of a scan wait for, and how long they have. Thread-safe. */
final class Waits {
  private final Time time;
  private final Map<Thread, Wait> current = new ConcurrentHashMap<>();
  private final Map<WaitReason, Duration> ended = new EnumMap<>(WaitReason.class);

  Waits(Time time) {
    this.time = time;
  }

  private record Wait(WaitReason reason, String why, long sinceNanos) {}

  /** The calling thread waits, or goes on waiting for another reason. */
  void begin(WaitReason reason, String why) {
    end();
    current.put(Thread.currentThread(), new Wait(reason, why, time.nanoTime()));
  }

  /** It does not any more. */
  void end() {
    Wait wait = current.remove(Thread.currentThread());
    if (wait != null) {
      synchronized (ended) {
        ended.merge(wait.reason, time.since(wait.sinceNanos), Duration::plus);
      }
    }
  }

  /** One of the reasons, in words. */
  Optional<String> reason() {
    return current.values().stream().map(Wait::why).findFirst();
  }

  /** How long all threads together have waited for each reason, those included that do. */
  Map<WaitReason, Duration> waited() {
    Map<WaitReason, Duration> all = new EnumMap<>(WaitReason.class);
    synchronized (ended) {
      all.putAll(ended);
    }
    current
        .values()
        .forEach(wait -> all.merge(wait.reason, time.since(wait.sinceNanos), Duration::plus));
    return all;
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
