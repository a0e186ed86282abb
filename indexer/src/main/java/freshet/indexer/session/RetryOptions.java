package freshet.indexer.session;

import java.time.Duration;

/**
 * How failures that may pass are repeated: after a random wait of up to base, 2 base, 4 base ...
 * (full jitter).
 *
 * @param attempts at most that many of one step in a row, the first included
 * @param base bound of the first wait
 * @param longest bound of any wait
 * @param budget bound of all waits of one poll together
 */
public record RetryOptions(int attempts, Duration base, Duration longest, Duration budget) {
  /** Four attempts within a few seconds. */
  public static final RetryOptions DEFAULT =
      new RetryOptions(4, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(15));

  /** Refuses what is not positive. */
  public RetryOptions {
    if (attempts < 1) {
      throw new IllegalArgumentException(attempts + " attempts: expected 1 or more");
    }
    if (base.toMillis() < 1 || longest.compareTo(base) < 0 || budget.isNegative()) {
      throw new IllegalArgumentException(
          "waits from %s to %s within %s: expected at least 1 ms, a bound not below it, and a budget"
              .formatted(base, longest, budget));
    }
  }
}
