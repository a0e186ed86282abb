package freshet.indexer.source;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Up to when a poll makes the cities complete.
 *
 * @param readThrough null if it may not say
 * @param whyNot null if it may
 */
record Claim(@Nullable Instant readThrough, @Nullable String whyNot) {

  static Claim of(long micros) {
    return new Claim(PollPoint.time(micros), null);
  }

  static Claim none(String whyNot) {
    return new Claim(null, whyNot);
  }
}
