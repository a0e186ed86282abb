package freshet.indexer.app;

import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.Connected;
import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.Handshake;
import freshet.replicator.serve.HandshakeWatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures a handshake with the database while slaves are being sent something: polls keep their
 * connection for minutes, and would feel a clogged network only when they need the next one. The
 * connection is set up and ended properly, so that the server counts nothing as aborted.
 */
final class HandshakeProbe {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeProbe.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Connector connector;
  private final DatabaseMetrics metrics;
  private final SessionListener also;
  private final HandshakeWatch watch;

  /**
   * A probe of the server that is polled.
   *
   * @param metrics hear of each handshake, and tell the watch of those that fail
   * @param also hears of each handshake too
   * @param watch says when one is needed, and hears how long it took
   */
  HandshakeProbe(
      SessionOptions options,
      DatabaseMetrics metrics,
      SessionListener also,
      HandshakeWatch watch,
      Time time) {
    this.metrics = metrics;
    this.also = also;
    this.watch = watch;
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
    try {
      Connected connected = connector.connect(endpoint, List.of(), this::entered);
      watch.took(new Handshake(connected.timings().roundTrips()));
      metrics.connected(endpoint, connected.timings());
      also.connected(endpoint, connected.timings());
      connected.connection().close();
    } catch (ConnectFailure e) {
      SourceException failure = FailureClassifier.ofConnect(e);
      metrics.failed(endpoint, failure);
      also.failed(endpoint, failure);
    } catch (SQLException e) {
      LOG.debug("the connection to {} that was measured was not closed properly", endpoint, e);
    } finally {
      watch.ended();
    }
  }

  /** Looking up the name, which comes before, is no matter of the way. */
  private void entered(ConnectPhase phase) {
    if (phase == ConnectPhase.TCP) {
      watch.begins();
    }
  }
}
