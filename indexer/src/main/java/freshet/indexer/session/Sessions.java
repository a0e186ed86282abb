package freshet.indexer.session;

import freshet.indexer.connect.Connector;
import freshet.indexer.connect.DriverMessages;
import freshet.indexer.connect.Endpoint;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session across polls, and opens another when it is old, dead, or the server is not one
 * that may be polled. The first endpoint that answers and has executed our transactions is taken;
 * one that failed several times in a row is asked last for a while. Used by one thread; {@link
 * #abort()} may come from any.
 */
public final class Sessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  /** A session with a server that is not preferred ends soon, so that the preferred one returns. */
  private static final Duration STANDBY_AGE = Duration.ofSeconds(30);

  private static final Duration OPEN_STATE = Duration.ofSeconds(15);

  /**
   * A session, ready.
   *
   * @param session connected
   * @param state as it was just now
   */
  public record Opened(Session session, ServerState state) {}

  private final SessionOptions options;
  private final Connector connector;
  private final Time time;
  private final RandomGenerator random;
  private final StopSignal stop;
  private final SessionListener listener;
  private final Map<Endpoint, CircuitBreaker> breakers = new LinkedHashMap<>();
  private volatile @Nullable Session kept;
  private int connects;
  private int spentQueries;

  /**
   * Sessions that connect when they are first asked.
   *
   * @param random for the waits between attempts
   * @param stop ends waits at once
   * @param listener hears of connects and failures
   */
  public Sessions(
      SessionOptions options,
      Time time,
      RandomGenerator random,
      StopSignal stop,
      SessionListener listener) {
    this.options = options;
    this.time = time;
    this.random = random;
    this.stop = stop;
    this.listener = listener;
    this.connector =
        new Connector(
            options.database(),
            options.credentials(),
            options.tls(),
            options.timeouts().connect(),
            options.timeouts().handshake(),
            time);
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(3)
            .minimumNumberOfCalls(3)
            .failureRateThreshold(100)
            .permittedNumberOfCallsInHalfOpenState(1)
            .waitDurationInOpenState(OPEN_STATE)
            .currentTimestampFunction(clock -> time.nanoTime(), TimeUnit.NANOSECONDS)
            .build();
    for (Endpoint endpoint : options.endpoints()) {
      breakers.put(endpoint, CircuitBreaker.of(endpoint.toString(), config));
    }
  }

  /** The session of one poll that resumes at a position. */
  public PollSession poll(SourcePosition from) {
    return new PollSession(this, from, options.retry(), random, stop);
  }

  /**
   * A live session with a server that may be polled from a position.
   *
   * @throws SourceException if there is none; what the preferred server said, with the others'
   *     failures attached, or {@link SourceException.RoleSwapped} if only servers answer that lack
   *     transactions
   */
  Opened open(SourcePosition from) throws SourceException {
    Opened again = reuse(from);
    if (again != null) {
      return again;
    }
    List<SourceException> failures = new ArrayList<>();
    for (Endpoint endpoint : inOrder()) {
      CircuitBreaker breaker = breakers.get(endpoint);
      long start = time.nanoTime();
      try {
        Opened opened = connect(endpoint, from);
        if (breaker != null) {
          breaker.onSuccess(time.since(start).toNanos(), TimeUnit.NANOSECONDS);
        }
        failures.forEach(e -> LOG.warn("{}; polling {} instead", e.getMessage(), endpoint));
        return opened;
      } catch (SourceException e) {
        if (breaker != null) {
          breaker.onError(time.since(start).toNanos(), TimeUnit.NANOSECONDS, e);
        }
        listener.failed(endpoint, e);
        failures.add(e);
      }
    }
    SourceException worst = mostTelling(failures);
    failures.stream().filter(e -> e != worst).forEach(worst::addSuppressed);
    throw worst;
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
      drop();
      session.close();
      return null;
    }
    try {
      ServerState state = session.state(from.gtid());
      if (state.containsOurs()) {
        return new Opened(session, state);
      }
      LOG.warn("{} has lost transactions that were read from it", session.endpoint());
    } catch (SQLException e) {
      // A connection dies between two polls for many reasons; a new one shows whether it matters.
      LOG.info("the connection to {} is gone: {}", session.endpoint(), DriverMessages.inOneLine(e));
    }
    discard();
    return null;
  }

  private Opened connect(Endpoint endpoint, SourcePosition from) throws SourceException {
    connects++;
    Session session = Session.open(connector, endpoint, options.timeouts(), time);
    listener.connected(endpoint, session.timings());
    kept = session;
    ServerState state;
    try {
      state = session.state(from.gtid());
    } catch (SQLException e) {
      discard();
      throw FailureClassifier.ofQuery("the first query to " + endpoint, e);
    }
    if (!state.containsOurs()) {
      drop();
      session.close();
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
    return new Opened(session, state);
  }

  /** Endpoints whose breaker lets them pass, then the others: better a try than none. */
  private List<Endpoint> inOrder() {
    List<Endpoint> first = new ArrayList<>();
    List<Endpoint> last = new ArrayList<>();
    breakers.forEach(
        (endpoint, breaker) -> (breaker.tryAcquirePermission() ? first : last).add(endpoint));
    first.addAll(last);
    return first;
  }

  private static SourceException mostTelling(List<SourceException> failures) {
    return failures.stream()
        .filter(e -> e instanceof SourceException.RoleSwapped)
        .findFirst()
        .orElse(failures.getFirst());
  }

  /** Ends the session, which is of no more use. */
  void discard() {
    Session session = kept;
    drop();
    if (session != null) {
      session.abort();
    }
  }

  private void drop() {
    Session session = kept;
    if (session != null) {
      spentQueries += session.queries();
    }
    kept = null;
  }

  /** Ends what is under way on the session, from any thread. */
  public void abort() {
    Session session = kept;
    if (session != null) {
      session.abort();
    }
  }

  /** A query on this server failed. */
  void failed(Endpoint endpoint, SourceException failure) {
    listener.failed(endpoint, failure);
  }

  /** What is asked of them. */
  public SessionOptions options() {
    return options;
  }

  /** Connects so far. */
  public int connects() {
    return connects;
  }

  /** Queries so far. */
  public int queries() {
    Session session = kept;
    return spentQueries + (session == null ? 0 : session.queries());
  }

  @Override
  public void close() {
    abort();
  }
}
