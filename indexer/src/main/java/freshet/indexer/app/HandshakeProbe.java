package freshet.indexer.app;

import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.Session;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.HandshakeWatch;
import java.time.Duration;

/**
 * Measures a handshake with the database while slaves are being sent something: polls keep their
 * connection for minutes, and would feel a clogged network only when they need the next one. A
 * whole session is opened and ended properly, so that the server counts nothing as aborted.
 */
final class HandshakeProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Connector connector;
  private final SessionOptions options;
  private final DatabaseMetrics metrics;
  private final HandshakeWatch watch;
  private final Time time;

  /**
   * A probe of the server that is polled.
   *
   * @param metrics hear of each handshake, and tell the watch
   * @param watch says when one is needed
   */
  HandshakeProbe(SessionOptions options, DatabaseMetrics metrics, HandshakeWatch watch, Time time) {
    this.options = options;
    this.metrics = metrics;
    this.watch = watch;
    this.time = time;
    this.connector =
        new Connector(
            options.database(),
            options.credentials(),
            options.tls(),
            options.timeouts().connect(),
            options.timeouts().handshake(),
            time);
  }

  /** Measures whenever that is needed, until a stop is requested. */
  void run(StopSignal stop) {
    try {
      while (!stop.isRequested()) {
        measure(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Measures one as soon as that is needed; none if it is not within this time. */
  void measure(Duration patience) throws InterruptedException {
    if (!watch.awaitWanted(patience)) {
      return;
    }
    Endpoint endpoint = metrics.polledEndpoint();
    watch.begins();
    try (Session session = Session.open(connector, endpoint, options.timeouts(), time)) {
      metrics.connected(endpoint, session.timings());
    } catch (SourceException e) {
      metrics.failed(endpoint, e);
    } finally {
      watch.ended();
    }
  }
}
