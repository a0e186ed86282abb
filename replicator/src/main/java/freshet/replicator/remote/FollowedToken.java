package freshet.replicator.remote;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A token that may change where it comes from: it is fetched again when it is asked for five
 * seconds after the last time. One that can't be had, or has not the form of a token, is said once,
 * and the one of before is shown on. Thread-safe.
 */
public final class FollowedToken implements Supplier<BearerToken> {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedToken.class);
  private static final Duration FETCH_INTERVAL = Duration.ofSeconds(5);

  /** Where it comes from. */
  @FunctionalInterface
  public interface Origin {
    /**
     * The token.
     *
     * @throws IOException if it can't be had; the message holds nothing of it
     */
    String fetch() throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Origin origin;
  private final Time time;
  private volatile BearerToken current;
  private long fetchedAt;
  private @Nullable String problem;

  /**
   * Fetches it for the first time.
   *
   * @throws IllegalArgumentException if that is no token
   */
  public FollowedToken(Origin origin, Time time) throws IOException {
    this.origin = origin;
    this.time = time;
    this.current = new BearerToken(origin.fetch());
    this.fetchedAt = time.nanoTime();
  }

  @Override
  public BearerToken get() {
    // Whoever comes while it is fetched shows the one of before.
    if (lock.tryLock()) {
      try {
        if (time.since(fetchedAt).compareTo(FETCH_INTERVAL) >= 0) {
          fetchedAt = time.nanoTime();
          fetch();
        }
      } finally {
        lock.unlock();
      }
    }
    return current;
  }

  private void fetch() {
    try {
      BearerToken found = new BearerToken(origin.fetch());
      if (!found.equals(current)) {
        current = found;
        LOG.info("another token is shown to the remote from now on");
      }
      problem = null;
    } catch (IOException | IllegalArgumentException e) {
      if (!String.valueOf(e.getMessage()).equals(problem)) {
        problem = String.valueOf(e.getMessage());
        LOG.warn("the token of before is shown to the remote on: {}", problem);
      }
    }
  }
}
