package freshet.replicator.search;

import java.time.Duration;

/**
 * How much one search may ask for.
 *
 * @param maxQueryLength characters of the query
 * @param maxFilters filters of a request
 * @param maxSize hits on a page
 * @param maxDepth from and size together; each page before it costs memory again
 * @param countedHits up to how many hits the total is exact
 * @param defaultTimeout for a request that names none
 * @param maxTimeout the longest that a request may name
 */
public record SearchLimits(
    int maxQueryLength,
    int maxFilters,
    int maxSize,
    int maxDepth,
    int countedHits,
    Duration defaultTimeout,
    Duration maxTimeout) {
  /** What holds unless something else is configured. */
  public static final SearchLimits DEFAULT =
      new SearchLimits(
          2_000, 50, 1_000, 100_000, 10_000, Duration.ofSeconds(5), Duration.ofSeconds(30));

  /** Refuses limits that allow nothing. */
  public SearchLimits {
    if (maxQueryLength < 1 || maxFilters < 0 || maxSize < 1 || maxDepth < maxSize) {
      throw new IllegalArgumentException("limits of a search must allow something");
    }
    if (!defaultTimeout.isPositive() || maxTimeout.compareTo(defaultTimeout) < 0) {
      throw new IllegalArgumentException(
          "time-outs of a search must be positive, the default %s at most the maximum %s"
              .formatted(defaultTimeout, maxTimeout));
    }
  }
}
