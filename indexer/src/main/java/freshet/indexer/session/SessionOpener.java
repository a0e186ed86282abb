package freshet.indexer.session;

import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.Sessions.Opened;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and ends sessions: connects, asks whether the server may be polled, and notes what came of
 * it for breaker, budget and metrics. Used by one thread; {@link #abort()} may come from any.
 */
final class SessionOpener {
  private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);

  private final Connector connector;
  private final Timeouts timeouts;
  private final LagMeter lags;
  private final Endpoints endpoints;
  private final ConnectGate gate;
  private final Time time;
  private final SessionListener listener;
  private final Set<Endpoint> silent = new HashSet<>();
  private volatile @Nullable Session asked;
  private int connects;
  private int spentQueries;

  SessionOpener(
      SessionOptions options,
      Endpoints endpoints,
      ConnectGate gate,
      Time time,
      SessionListener listener) {
    this.timeouts = options.timeouts();
    this.lags = new LagMeter(options.lag());
    this.endpoints = endpoints;
    this.gate = gate;
    this.time = time;
    this.listener = listener;
    this.connector =
        new Connector(
            options.database(),
            options.credentials(),
            options.tls(),
            timeouts.connect(),
            timeouts.handshake(),
            time);
  }

  /**
   * Connects to a server that may be polled from a position.
   *
   * @throws SourceException if it does not answer, or has not executed our transactions
   */
  Opened open(Endpoint endpoint, SourcePosition from, ConnectBudget budget) throws SourceException {
    return gate.pass(
        () -> {
          connects++;
          long start = time.nanoTime();
          try {
            Session session = Session.open(connector, endpoint, timeouts, time);
            listener.connected(endpoint, session.timings());
            listener.verified(endpoint, session.certificates());
            count(session);
            Opened opened = check(session, from);
            endpoints.answered(endpoint, start, opened.state(), opened.lag());
            budget.spend(endpoint);
            return opened;
          } catch (SourceException e) {
            endpoints.failed(endpoint, start, e);
            listener.failed(endpoint, e);
            if (!(e instanceof SourceException.Unreachable)) {
              budget.spend(endpoint);
            }
            throw e;
          }
        });
  }

  /**
   * For whoever wonders later why connects failed. A server that does not tell is not asked again.
   */
  private void count(Session session) throws SourceException {
    Endpoint endpoint = session.endpoint();
    if (!listener.wantsCounts() || silent.contains(endpoint)) {
      return;
    }
    asked = session;
    try {
      session.abortedConnects().ifPresent(count -> listener.counted(endpoint, count));
    } catch (SQLException e) {
      if (e.getErrorCode() != 0) {
        silent.add(endpoint);
      }
      discard(session);
      throw FailureClassifier.ofQuery("asking " + endpoint + " for its Aborted_connects", e);
    } finally {
      asked = null;
    }
  }

  private Opened check(Session session, SourcePosition from) throws SourceException {
    Endpoint endpoint = session.endpoint();
    Opened opened;
    asked = session;
    try {
      opened = ask(session, from);
    } catch (SQLException e) {
      discard(session);
      throw FailureClassifier.ofQuery("asking " + endpoint + " for its state and lag", e);
    } finally {
      asked = null;
    }
    ServerState state = opened.state();
    if (!state.containsOurs()) {
      end(session);
      throw new SourceException.RoleSwapped(
          "%s (%s) is not polled yet: it has executed '%s', which lacks some of '%s' that was read from %s; waiting until it has caught up"
              .formatted(endpoint, state.server(), state.gtid(), from.gtid(), from.server()),
          null);
    }
    if (!from.server().isEmpty() && !from.server().equals(state.server())) {
      LOG.warn(
          "polling server {} at {}, before it was {}; {}",
          state.server(),
          endpoint,
          from.server(),
          from.gtid().isEmpty()
              ? "without GTID nothing says whether it lags behind"
              : "it has all of its transactions");
    }
    return opened;
  }

  /** Asks a server for its state, then for its lag. */
  Opened ask(Session session, SourcePosition from) throws SQLException {
    ServerState state = session.state(from.gtid());
    return new Opened(session, state, lags.measure(session, state));
  }

  /** Takes leave of a server. */
  void end(Session session) {
    spentQueries += session.queries();
    session.close();
  }

  /** Ends a session that is of no more use. */
  void discard(Session session) {
    spentQueries += session.queries();
    session.abort();
  }

  /** Ends what is being opened, from any thread. */
  void abort() {
    connector.abort();
    Session session = asked;
    if (session != null) {
      session.abort();
    }
  }

  /** Connects so far. */
  int connects() {
    return connects;
  }

  /** Queries of sessions that have ended. */
  int spentQueries() {
    return spentQueries;
  }
}
