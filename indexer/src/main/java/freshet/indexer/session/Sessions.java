package freshet.indexer.session;

import freshet.indexer.connect.DriverMessages;
import freshet.indexer.connect.Endpoint;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session across polls, and opens another when it is old, dead, far behind, or the server
 * is not one that may be polled. Which server comes next is {@link EndpointChoice}'s to say; one is
 * taken only if it has executed our transactions. Used by one thread; {@link #abort()} may come
 * from any.
 */
public final class Sessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  /** A session with a server that is not preferred ends soon, so that the preferred one returns. */
  static final Duration STANDBY_AGE = Duration.ofSeconds(30);

  /**
   * A session, ready.
   *
   * @param session connected
   * @param state as it was just now
   * @param lag how far the server is behind its source, measured after the state
   */
  public record Opened(Session session, ServerState state, Lag lag) {}

  private final SessionOptions options;
  private final RandomGenerator random;
  private final StopSignal stop;
  private final SessionListener listener;
  private final Endpoints endpoints;
  private final SessionOpener opener;
  private volatile @Nullable Session kept;
  private @Nullable Endpoint polled;

  /**
   * Sessions that connect when they are first asked.
   *
   * @param gate shared with all others of the process
   * @param random for the waits between attempts
   * @param stop ends waits at once
   * @param listener hears of connects and failures
   */
  public Sessions(
      SessionOptions options,
      ConnectGate gate,
      Time time,
      RandomGenerator random,
      StopSignal stop,
      SessionListener listener) {
    this.options = options;
    this.random = random;
    this.stop = stop;
    this.listener = listener;
    this.endpoints = new Endpoints(options.endpoints(), options.maxLag(), STANDBY_AGE, time);
    this.opener = new SessionOpener(options, endpoints, gate, time, listener);
  }

  /** The session of one poll that resumes at a position. */
  public PollSession poll(SourcePosition from) {
    return new PollSession(this, from, options.retry(), random, stop, new ConnectBudget());
  }

  /**
   * A live session with a server that may be polled from a position: the first in the order of
   * {@link EndpointChoice} that is not far behind, else the one that is least so.
   *
   * @throws SourceException if there is none; what the preferred server said, with the others'
   *     failures attached, or {@link SourceException.RoleSwapped} if only servers answer that lack
   *     transactions
   */
  Opened open(SourcePosition from, ConnectBudget budget) throws SourceException {
    Opened best = reuse(from);
    List<SourceException> failures = new ArrayList<>();
    for (EndpointChoice.Candidate candidate : endpoints.inOrder(budget)) {
      Endpoint endpoint = candidate.endpoint();
      boolean isLate = stop.isRequested() || !budget.allows(endpoint);
      if (isLate || (best != null && endpoint.equals(best.session().endpoint()))) {
        break;
      }
      Lag lag = best == null ? null : best.lag();
      if (EndpointChoice.isWorthAsking(candidate, lag, options.maxLag())) {
        try {
          best = better(best, opener.open(endpoint, from, budget));
        } catch (SourceException e) {
          failures.add(e);
        }
      }
    }
    if (best == null) {
      throw mostTelling(failures);
    }
    use(best, failures);
    return best;
  }

  private @Nullable Opened reuse(SourcePosition from) {
    Session session = kept;
    if (session == null) {
      return null;
    }
    boolean isPreferred = session.endpoint().equals(options.endpoints().getFirst());
    Duration longest = options.maxAge();
    if (!isPreferred && longest.compareTo(STANDBY_AGE) > 0) {
      longest = STANDBY_AGE;
    }
    if (session.age().compareTo(longest) >= 0) {
      kept = null;
      opener.end(session);
      return null;
    }
    try {
      Opened opened = opener.ask(session, from);
      if (opened.state().containsOurs()) {
        endpoints.saw(session.endpoint(), opened.state(), opened.lag());
        return opened;
      }
      LOG.warn("{} has lost transactions that were read from it", session.endpoint());
    } catch (SQLException e) {
      // A connection dies between two polls for many reasons; a new one shows whether it matters.
      LOG.info("the connection to {} is gone: {}", session.endpoint(), DriverMessages.inOneLine(e));
    }
    discard();
    return null;
  }

  /** The less far behind of two; the other one's session is ended. */
  private Opened better(@Nullable Opened best, Opened found) {
    if (best == null) {
      return found;
    }
    boolean isBetter = EndpointChoice.isLess(found.lag(), best.lag());
    opener.end((isBetter ? best : found).session());
    return isBetter ? found : best;
  }

  /** Says once when another server is polled than before, and why. */
  private void use(Opened opened, List<SourceException> failures) {
    kept = opened.session();
    Endpoint endpoint = opened.session().endpoint();
    Endpoint before = polled == null ? options.endpoints().getFirst() : polled;
    polled = endpoint;
    if (!endpoint.equals(before)) {
      LOG.warn(
          "polling {} instead of {}: {}",
          endpoint,
          before,
          !failures.isEmpty()
              ? failures.getFirst().getMessage()
              : endpoints.standing(before) == EndpointChoice.Standing.SOUND
                  ? "it is preferred, and sound again"
                  : "of the latter, " + endpoints.standing(before));
    }
  }

  private static SourceException mostTelling(List<SourceException> failures) {
    if (failures.isEmpty()) {
      return new SourceException.LostDuringQuery(
          "no more connects in this poll: its time is over, or each server has had its %d"
              .formatted(ConnectBudget.MOST),
          null);
    }
    SourceException worst =
        failures.stream()
            .filter(e -> e instanceof SourceException.RoleSwapped)
            .findFirst()
            .orElse(failures.getFirst());
    failures.stream().filter(e -> e != worst).forEach(worst::addSuppressed);
    return worst;
  }

  /** How far a session's server is behind its source. */
  Lag lag(Session session) throws SQLException {
    return opener.ask(session, SourcePosition.START).lag();
  }

  /** Ends the session, which is of no more use. */
  void discard() {
    Session session = kept;
    kept = null;
    if (session != null) {
      opener.discard(session);
    }
  }

  /** Ends what is under way, from any thread. */
  public void abort() {
    opener.abort();
    Session session = kept;
    if (session != null) {
      session.abort();
    }
  }

  /** A query on this server failed. */
  void failed(Endpoint endpoint, SourceException failure) {
    listener.failed(endpoint, failure);
  }

  /** Who may want to know for how long a server has been asked. */
  SessionListener listener() {
    return listener;
  }

  /** What is asked of them. */
  public SessionOptions options() {
    return options;
  }

  /** Connects so far. */
  public int connects() {
    return opener.connects();
  }

  /** Queries so far. */
  public int queries() {
    Session session = kept;
    return opener.spentQueries() + (session == null ? 0 : session.queries());
  }

  @Override
  public void close() {
    abort();
  }
}
