package freshet.indexer.scan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast a table may be read, for the sake of whoever else needs the server.
 *
 * @param rowsPerSecond of all ranges together; null for no bound
 * @param maxLag nothing is read while the server is further behind its source, or nobody knows how
 *     far; null for no bound
 * @param maxThreadsRunning nothing is read while more of the server's threads are at work, those
 *     that read for the scan included; null for no bound
 */
public record ScanLimits(
    @Nullable Integer rowsPerSecond,
    @Nullable Duration maxLag,
    @Nullable Integer maxThreadsRunning) {
  /** As fast as it goes. */
  public static final ScanLimits NONE = new ScanLimits(null, null, null);

  /** Refuses what would let nothing pass. */
  public ScanLimits {
    if (rowsPerSecond != null && rowsPerSecond < 1) {
      throw new IllegalArgumentException(
          rowsPerSecond + " rows per second: expected 1 or more, or no bound");
    }
    if (maxLag != null && !maxLag.isPositive()) {
      throw new IllegalArgumentException(
          "the greatest lag is " + maxLag + ": expected more than 0, for no replica has none");
    }
    if (maxThreadsRunning != null && maxThreadsRunning < 1) {
      throw new IllegalArgumentException(
          maxThreadsRunning + " running threads: expected 1 or more, for the question is one");
    }
  }

  /** Whether the server has to be asked how it is. */
  boolean needLoad() {
    return maxLag != null || maxThreadsRunning != null;
  }
}
