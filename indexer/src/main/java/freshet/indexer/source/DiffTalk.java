package freshet.indexer.source;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often an id diff says how far it is: a table of ten million keys takes thousands of polls.
 * Points in time on the database's clock, in microseconds. Used by one thread.
 */
final class DiffTalk {
  private static final long PAUSE = Duration.ofMinutes(1).toNanos() / 1_000;

  private @Nullable Long told;

  /** It was told just now how far it is. */
  void told(long now) {
    told = now;
  }

  /** Whether that was long ago, or by a clock that was set back since. */
  boolean isDue(long now) {
    Long last = told;
    return last == null || now < last || now - last >= PAUSE;
  }
}
