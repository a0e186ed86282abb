package freshet.indexer.session;

import freshet.replicator.runtime.Count;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;

/**
 * Bounds how many connects a process makes at one time: a burst of them is itself a reason why
 * handshakes get lost. Shared by all {@link Sessions} of the process; thread-safe.
 */
public final class ConnectGate {
  private final Bulkhead bulkhead;
  private final String full;

  /** Lets so many pass; the others wait for their turn, no longer than one connect may take. */
  public ConnectGate(SessionOptions options) {
    int atOnce = options.maxConcurrentConnects();
    Duration longest = options.timeouts().connect().plus(options.timeouts().handshake());
    bulkhead =
        Bulkhead.of(
            "connects",
            BulkheadConfig.custom().maxConcurrentCalls(atOnce).maxWaitDuration(longest).build());
    full =
        "no turn to connect within %d ms: %s, which is all that source.max_concurrent_connects allows"
            .formatted(
                longest.toMillis(),
                Count.of(atOnce, "connect of this process hangs", "connects of this process hang"));
  }

  /** Something that connects. */
  interface Connect<T> {
    T run() throws SourceException;
  }

  /**
   * Connects when it is its turn.
   *
   * @throws SourceException.TooManyConnections if that does not come in time
   */
  <T> T pass(Connect<T> connect) throws SourceException {
    if (!bulkhead.tryAcquirePermission()) {
      throw new SourceException.TooManyConnections(full, null);
    }
    try {
      return connect.run();
    } finally {
      bulkhead.onComplete();
    }
  }
}
