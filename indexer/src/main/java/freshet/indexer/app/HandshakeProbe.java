package freshet.indexer.app;

import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.Session;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.Time;
import java.util.function.BooleanSupplier;

/**
 * Measures a handshake with the database while slaves are being sent something: polls keep their
 * connection for minutes, and would feel a clogged network only when they need the next one. A
 * whole session is opened and ended properly, so that the server counts nothing as aborted.
 */
final class HandshakeProbe {
  private final Connector connector;
  private final SessionOptions options;
  private final DatabaseMetrics metrics;
  private final BooleanSupplier isNeeded;
  private final Time time;

  /**
   * A probe of the server that is polled.
   *
   * @param metrics hear of each handshake
   * @param isNeeded whether something is being sent
   */
  HandshakeProbe(
      SessionOptions options, DatabaseMetrics metrics, BooleanSupplier isNeeded, Time time) {
    this.options = options;
    this.metrics = metrics;
    this.isNeeded = isNeeded;
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

  /** Measures one, if that is needed. */
  void measure() {
    if (!isNeeded.getAsBoolean()) {
      return;
    }
    Endpoint endpoint = metrics.polledEndpoint();
    try (Session session = Session.open(connector, endpoint, options.timeouts(), time)) {
      metrics.connected(endpoint, session.timings());
    } catch (SourceException e) {
      metrics.failed(endpoint, e);
    }
  }
}
