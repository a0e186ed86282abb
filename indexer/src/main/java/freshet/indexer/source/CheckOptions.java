package freshet.indexer.source;

import java.time.Duration;

/**
 * How often the table is compared with what is indexed, beyond what a poll reads.
 *
 * @param sweepEvery how often the pairs behind the overlap are compared
 * @param sweepReach how far back that goes; the overlap never widens beyond it
 * @param diffEvery how often all keys are compared
 * @param waitForTransactions how long no server is polled while all lack transactions that are
 *     indexed; then they count as lost
 */
public record CheckOptions(
    Duration sweepEvery, Duration sweepReach, Duration diffEvery, Duration waitForTransactions) {
  /** Longer than anybody polls. */
  static final Duration NEVER = Duration.ofDays(10_000);

  /** How often a sweep begins, if nothing else is configured. */
  public static final Duration DEFAULT_SWEEP_EVERY = Duration.ofMinutes(10);

  /** How far back a sweep goes, if nothing else is configured. */
  public static final Duration DEFAULT_SWEEP_REACH = Duration.ofHours(24);

  /** How often all keys are compared where nothing else tells of a deletion. */
  public static final Duration DEFAULT_DIFF_EVERY_WITHOUT_DELETIONS = Duration.ofHours(1);

  /** How often all keys are compared where only TRUNCATE and the like go unnoticed. */
  public static final Duration DEFAULT_DIFF_EVERY = Duration.ofDays(1);

  /** How long transactions are waited for, if nothing else is configured. */
  public static final Duration DEFAULT_WAIT_FOR_TRANSACTIONS = Duration.ofMinutes(10);

  /** Refuses what is not positive. */
  public CheckOptions {
    if (!sweepEvery.isPositive() || !sweepReach.isPositive() || !diffEvery.isPositive()) {
      throw new IllegalArgumentException(
          "a sweep of %s every %s, an id diff every %s: expected more than 0"
              .formatted(sweepReach, sweepEvery, diffEvery));
    }
    if (!waitForTransactions.isPositive()) {
      throw new IllegalArgumentException(
          "transactions are waited for %s: expected more than 0".formatted(waitForTransactions));
    }
  }
}
