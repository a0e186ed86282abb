package freshet.indexer.session;

import freshet.replicator.runtime.StopSignal;
import freshet.replicator.snapshot.SourcePosition;
import io.github.resilience4j.core.IntervalFunction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of one poll: repeats a step that failed for a reason that may pass, on a new
 * connection, within the poll's budget. A step keeps what it has read, so that it goes on there.
 */
public final class PollSession {
  private static final Logger LOG = LoggerFactory.getLogger(PollSession.class);

  /** Something to be done on a session, as often as it takes. */
  public interface Step<T> {
    T run(Session session) throws SQLException;
  }

  private final Sessions sessions;
  private final SourcePosition from;
  private final RetryOptions retry;
  private final IntervalFunction bounds;
  private final RandomGenerator random;
  private final StopSignal stop;
  private final ConnectBudget budget;
  private Duration waited = Duration.ZERO;
  private Sessions.@Nullable Opened opened;
  private @Nullable String server;
  private boolean hasServerChanged;
  private boolean hasLostConnection;
  private volatile @Nullable String expired;
  private int retries;
  private @Nullable SourceException retried;

  PollSession(
      Sessions sessions,
      SourcePosition from,
      RetryOptions retry,
      RandomGenerator random,
      StopSignal stop,
      ConnectBudget budget) {
    this.sessions = sessions;
    this.from = from;
    this.retry = retry;
    this.bounds = IntervalFunction.ofExponentialBackoff(retry.base(), 2.0, retry.longest());
    this.random = random;
    this.stop = stop;
    this.budget = budget;
  }

  /** Opens the session, and tells what the server says of itself. */
  public Sessions.Opened open() throws SourceException {
    sessions.listener().asks("connecting, and asking the server who it is");
    try {
      return openAgain();
    } finally {
      sessions.listener().answered();
    }
  }

  private Sessions.Opened openAgain() throws SourceException {
    for (int failures = 1; ; failures++) {
      try {
        Sessions.Opened now = opened();
        tellRetries(failures);
        return now;
      } catch (SourceException e) {
        beforeRetry(e, failures);
      }
    }
  }

  /**
   * Runs a step.
   *
   * @param what it does, for messages
   */
  public <T> T run(String what, Step<T> step) throws SourceException {
    sessions.listener().asks(what);
    try {
      return runAgain(what, step);
    } finally {
      sessions.listener().answered();
    }
  }

  private <T> T runAgain(String what, Step<T> step) throws SourceException {
    for (int failures = 1; ; failures++) {
      try {
        Session session = opened().session();
        try {
          T result = step.run(session);
          tellRetries(failures);
          return result;
        } catch (SQLException e) {
          sessions.discard();
          opened = null;
          SourceException failure =
              FailureClassifier.ofQuery(what + " on " + session.endpoint(), e);
          sessions.failed(session.endpoint(), failure);
          hasLostConnection |= failure.isTransient();
          if (failure instanceof SourceException.PacketTooLarge) {
            // The row's fault: the driver ends the connection, and nothing is wrong with the
            // server.
            budget.refund(session.endpoint());
          }
          throw failure;
        }
      } catch (SourceException e) {
        beforeRetry(e, failures);
      }
    }
  }

  /** How far the server is behind by now; it remembers what was measured before. */
  public Lag lag() throws SourceException {
    return run("measuring the lag", sessions::lag);
  }

  private Sessions.Opened opened() throws SourceException {
    Sessions.Opened current = opened;
    if (current == null) {
      current = sessions.open(from, budget);
      opened = current;
      String late = expired;
      if (late != null) {
        // The deadline passed while there was nothing to end yet, and it comes once only.
        sessions.discard();
        throw new SourceException.Stalled(late, null);
      }
      if (server != null && !server.equals(current.state().server())) {
        hasServerChanged = true;
        throw new SourceException.RoleSwapped(
            "server %s took the place of %s in the middle of a poll, which begins again"
                .formatted(current.state().server(), server),
            null);
      }
      server = current.state().server();
    }
    return current;
  }

  /** Waits, or throws if it is of no use. */
  private void beforeRetry(SourceException failure, int failures) throws SourceException {
    if (expired != null) {
      throw new SourceException.Stalled(expired + "; last: " + failure.getMessage(), failure);
    }
    if (stop.isRequested()) {
      throw new SourceException.Stopped("the poll was stopped", failure);
    }
    Duration wait =
        Duration.ofMillis((long) (bounds.apply(failures) * random.nextDouble())).plusMillis(1);
    if (!failure.isTransient()
        || hasServerChanged
        || failures >= retry.attempts()
        || !budget.allowsAny(sessions.options().endpoints())
        || waited.plus(wait).compareTo(retry.budget()) > 0) {
      throw failure;
    }
    LOG.debug(
        "attempt {} of {}: {}; again in {} ms",
        failures,
        retry.attempts(),
        failure.getMessage(),
        wait.toMillis());
    retried = failure;
    waited = waited.plus(wait);
    retries++;
    try {
      stop.await(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException.Stopped("interrupted while waiting to try again", e);
    }
  }

  /** One line for all of them. Where none went well, the failure is told by who wanted the poll. */
  private void tellRetries(int attempt) {
    SourceException last = retried;
    if (last != null) {
      LOG.info(
          "attempt {} of {} went well, after: {}", attempt, retry.attempts(), last.getMessage());
      retried = null;
    }
  }

  /** The poll has taken too long: ends what is under way, from any thread. */
  public void expire(String why) {
    expired = why;
    budget.end();
    sessions.abort();
  }

  /** Whether this failure is another server's answering in the middle of the poll. */
  public boolean hasServerChanged() {
    return hasServerChanged;
  }

  /**
   * Whether a connection was lost in the middle. Then the poll had better end soon: what it has
   * read counts only if it comes to an end, and its connects are limited.
   */
  public boolean hasLostConnection() {
    return hasLostConnection;
  }

  /** A session to begin the poll again with, within what this one has left of connects. */
  public PollSession again() {
    return new PollSession(sessions, from, retry, random, stop, budget);
  }

  public int retries() {
    return retries;
  }
}
