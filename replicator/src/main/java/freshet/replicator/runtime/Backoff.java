package freshet.replicator.runtime;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: exponential with full jitter, so that a hundred slaves
 * that lost one master do not come back at once (Brooker, "Exponential Backoff And Jitter", 2015).
 */
public final class Backoff {
  private static final Duration AT_LEAST = Duration.ofMillis(20);
  private static final int MOST_DOUBLINGS = 30;

  private final IntervalFunction ceiling;
  private final RandomGenerator random;

  /** Waits of at most {@code first} after one failure, twice that after two, up to {@code most}. */
  public Backoff(Duration first, Duration most, RandomGenerator random) {
    this.ceiling = IntervalFunction.ofExponentialBackoff(first, 2, most);
    this.random = random;
  }

  /** After so many failures in a row, from 1. */
  public Duration after(int failures) {
    long most = ceiling.apply(Math.min(failures, MOST_DOUBLINGS));
    Duration drawn = Duration.ofMillis((long) (random.nextDouble() * most));
    return drawn.compareTo(AT_LEAST) < 0 ? AT_LEAST : drawn;
  }
}
