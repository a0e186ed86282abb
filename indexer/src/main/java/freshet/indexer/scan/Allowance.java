package freshet.indexer.scan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many rows may be read at a point in time, where they are bounded per second. A page is read
 * as long as the allowance is positive, and may overdraw it.
 *
 * @param rows negative if too many were read
 * @param atNanos the point, on the monotonic clock
 */
record Allowance(double rows, long atNanos) {
  /** What is saved up while nothing is read, as a part of a second. */
  private static final double SAVED = 0.25;

  private static final double NANOS = 1e9;

  /**
   * What it has grown to.
   *
   * @param perSecond null for no bound
   */
  Allowance at(long nanos, @Nullable Integer perSecond) {
    if (perSecond == null) {
      return new Allowance(0, nanos);
    }
    double grown = rows + (nanos - atNanos) / NANOS * perSecond;
    return new Allowance(Math.min(grown, most(perSecond)), nanos);
  }

  /** After so many rows were read. */
  Allowance less(int read) {
    return new Allowance(rows - read, atNanos);
  }

  /** How long until it is positive. */
  Duration wait(int perSecond) {
    return rows > 0
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil((-rows + 1) / perSecond * NANOS));
  }

  /** How many rows a page should have at most, so that reading is even. */
  static int page(int perSecond) {
    return (int) Math.ceil(most(perSecond));
  }

  private static double most(int perSecond) {
    return Math.max(1, perSecond * SAVED);
  }
}
