package freshet.indexer.session;

import freshet.indexer.connect.Endpoint;
import freshet.replicator.runtime.Time;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is remembered of each server: whether it failed lately (a circuit breaker), its lag when it
 * was last asked, who answered there and in which role. Used by one thread.
 */
final class Endpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
  private static final Duration OPEN_STATE = Duration.ofSeconds(15);
  private static final Duration LONGEST_OPEN_STATE = Duration.ofMinutes(2);
  private static final int FAILURES = 3;

  private record Measured(Lag lag, long atNanos) {}

  private record Role(String server, boolean isReadOnly) {}

  private final Duration maxLag;
  private final Duration memory;
  private final Time time;
  private final Map<Endpoint, CircuitBreaker> breakers = new LinkedHashMap<>();
  private final Map<Endpoint, Measured> lags = new HashMap<>();
  private final Map<Endpoint, Role> roles = new HashMap<>();

  /**
   * Nothing known yet.
   *
   * @param memory how long a lag counts; then the server gets another chance
   */
  Endpoints(List<Endpoint> inOrder, Duration maxLag, Duration memory, Time time) {
    this.maxLag = maxLag;
    this.memory = memory;
    this.time = time;
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(FAILURES)
            .minimumNumberOfCalls(FAILURES)
            .failureRateThreshold(100)
            .permittedNumberOfCallsInHalfOpenState(1)
            // A preferred server that hangs costs a poll its deadline each time that it is tried.
            .waitIntervalFunctionInOpenState(
                IntervalFunction.ofExponentialBackoff(OPEN_STATE, 2.0, LONGEST_OPEN_STATE))
            .clock(new Monotonic(time))
            .build();
    inOrder.forEach(e -> breakers.put(e, CircuitBreaker.of(e.toString(), config)));
  }

  /** Those that may be asked, in the order in which they should be. */
  List<EndpointChoice.Candidate> inOrder(ConnectBudget budget) {
    return EndpointChoice.inOrder(
        breakers.keySet().stream().filter(budget::allows).map(this::candidate).toList(), maxLag);
  }

  private EndpointChoice.Candidate candidate(Endpoint endpoint) {
    CircuitBreaker breaker = breaker(endpoint);
    boolean isFailing = !breaker.tryAcquirePermission();
    if (!isFailing) {
      breaker.releasePermission();
    }
    Measured measured = lags.get(endpoint);
    @Nullable Lag lag =
        measured == null || time.since(measured.atNanos()).compareTo(memory) >= 0
            ? null
            : measured.lag();
    return new EndpointChoice.Candidate(endpoint, isFailing, lag);
  }

  /** Why it is not the first choice, in words. */
  EndpointChoice.Standing standing(Endpoint endpoint) {
    return candidate(endpoint).standing(maxLag);
  }

  void answered(Endpoint endpoint, long startNanos, ServerState state, Lag lag) {
    breaker(endpoint).onSuccess(time.since(startNanos).toNanos(), TimeUnit.NANOSECONDS);
    saw(endpoint, state, lag);
  }

  void failed(Endpoint endpoint, long startNanos, SourceException failure) {
    breaker(endpoint).onError(time.since(startNanos).toNanos(), TimeUnit.NANOSECONDS, failure);
  }

  /** Remembers, and tells of each change of identity or role once: a poll survives both. */
  void saw(Endpoint endpoint, ServerState state, Lag lag) {
    lags.put(endpoint, new Measured(lag, time.nanoTime()));
    Role role = new Role(state.server(), state.isReadOnly());
    Role before = roles.put(endpoint, role);
    if (before != null && !before.server().equals(role.server())) {
      LOG.warn("{} is server {} now, before it was {}", endpoint, role.server(), before.server());
    } else if (before != null && before.isReadOnly() != role.isReadOnly()) {
      LOG.warn(
          "{} (server {}) is {} now",
          endpoint,
          role.server(),
          role.isReadOnly() ? "read-only: a replica" : "writable: a source");
    }
  }

  /** A breaker opens for a time on this clock; the wall clock may step, and keep it open. */
  private static final class Monotonic extends Clock {
    private final Time time;

    Monotonic(Time time) {
      this.time = time;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(time.nanoTime());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private CircuitBreaker breaker(Endpoint endpoint) {
    return Objects.requireNonNull(breakers.get(endpoint), "an endpoint of the configuration");
  }
}
