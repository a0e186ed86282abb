package freshet.indexer.source;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far the overlap widens when a transaction was found that committed later than it reaches.
 * Pure; points in time in microseconds on the database's clock.
 *
 * @param overlap before
 * @param reach the most that it widens to
 * @param every how often a sweep begins
 */
record Lateness(Duration overlap, Duration reach, Duration every) {

  /**
   * The new overlap, never less than before.
   *
   * <p>If sweeps have run regularly, the stretch was looked at not long ago, so that the age of the
   * stamp is about how late the transaction was. After a pause of the master the same age says
   * little: then the overlap doubles at most, which is repeated if it was not enough.
   *
   * @param stamp of the transaction
   * @param now when it was found
   * @param lastSweep when the last sweep began that has ended; null if there was none
   */
  Duration widened(long stamp, long now, @Nullable Long lastSweep) {
    Duration age = Duration.of(Math.max(0, now - stamp), ChronoUnit.MICROS);
    Duration lately = max(overlap, every.multipliedBy(3));
    boolean isRegular = lastSweep != null && now - lastSweep <= lately.toNanos() / 1_000;
    Duration cover = isRegular ? age : min(age, overlap.multipliedBy(2));
    return max(overlap, min(cover, reach));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
