package freshet.replicator.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Leave for a city to be published once with fewer documents than the gate expects.
 *
 * @param documents the fewest that it may have
 * @param by whoever gave it
 * @param at when, by that one's clock
 * @param reason in that one's words; null if none was given
 */
public record Approval(long documents, String by, Instant at, @Nullable String reason) {
  /** Checks the range. */
  public Approval {
    if (documents < 0) {
      throw new IllegalArgumentException("a city has 0 or more documents, not " + documents);
    }
  }
}
