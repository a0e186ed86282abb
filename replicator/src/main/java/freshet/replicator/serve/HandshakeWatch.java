package freshet.replicator.serve;

import java.time.Duration;

/**
 * Hears how long handshakes with the database take, which share host and network with what is
 * served. Thread-safe; calls are short and never throw.
 */
public interface HandshakeWatch {
  /** One took that long. */
  void took(Duration handshake);

  /** One failed, or ran out of its time. */
  void failed();
}
