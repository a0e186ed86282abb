package freshet.replicator.serve;

import java.time.Duration;

/**
 * Bounds of serving.
 *
 * @param watchEvery how often LATEST is looked at, for changes by another process
 * @param maxWait the longest that a long poll waits, whatever it asks for
 * @param maxSlaves how many slaves' reports are kept
 * @param maxReportBytes the largest report
 * @param slaveExpiry after which a silent slave is forgotten
 */
public record ServeOptions(
    Duration watchEvery,
    Duration maxWait,
    int maxSlaves,
    int maxReportBytes,
    Duration slaveExpiry) {
  /** Every 200 ms; 60 s; 1,000 slaves of 16 KB; 10 min. */
  public static final ServeOptions DEFAULT =
      new ServeOptions(
          Duration.ofMillis(200), Duration.ofSeconds(60), 1000, 16 << 10, Duration.ofMinutes(10));

  /** Checks the ranges. */
  public ServeOptions {
    if (!watchEvery.isPositive() || !maxWait.isPositive() || !slaveExpiry.isPositive()) {
      throw new IllegalArgumentException(
          "durations are positive: %s, %s, %s".formatted(watchEvery, maxWait, slaveExpiry));
    }
    if (maxSlaves < 1 || maxReportBytes < 1) {
      throw new IllegalArgumentException(
          "bounds are positive: %d slaves, %d bytes".formatted(maxSlaves, maxReportBytes));
    }
  }
}
