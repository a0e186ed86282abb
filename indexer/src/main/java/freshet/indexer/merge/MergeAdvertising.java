package freshet.indexer.merge;

import java.time.Duration;

/**
 * Which finished merges are told of before a commit names them, so that slaves need not fetch all
 * of a merged segment together with the first fresh commit that has it.
 *
 * @param aboveBytes smaller ones are not: they come in the pack of their generation anyway
 * @param atLeast how long one is advertised before it enters a commit, if no slave says what it has
 * @param atMost how long, if slaves say that they don't have it yet
 * @param sharePercent of the slaves that say what they have: it enters once so many have it
 */
public record MergeAdvertising(
    long aboveBytes, Duration atLeast, Duration atMost, int sharePercent) {
  private static final int ALL = 100;

  /** Merges above 1 MB, until all slaves have them, for 5 minutes at most; 2 s without slaves. */
  public static final MergeAdvertising DEFAULT =
      new MergeAdvertising(1 << 20, Duration.ofSeconds(2));

  /** Checks the ranges. */
  public MergeAdvertising {
    if (aboveBytes < 0 || atLeast.isNegative() || atMost.isNegative()) {
      throw new IllegalArgumentException(
          "merges are advertised above 0 bytes and for some time, not above %d for %s to %s"
              .formatted(aboveBytes, atLeast, atMost));
    }
    if (sharePercent < 0 || sharePercent > ALL) {
      throw new IllegalArgumentException(
          "0 to 100 percent of the slaves are waited for, not " + sharePercent);
    }
  }

  /** Until all slaves have them, for 5 minutes at most. */
  public MergeAdvertising(long aboveBytes, Duration atLeast) {
    this(aboveBytes, atLeast, Duration.ofMinutes(5), ALL);
  }

  /** The same for no longer than this. */
  public MergeAdvertising withAtMost(Duration other) {
    return new MergeAdvertising(aboveBytes, atLeast, other, sharePercent);
  }

  /**
   * Whether what is advertised has been so for long enough.
   *
   * @param since how long it has been
   * @param slaves how many say what they have
   * @param having how many of them have it
   */
  public boolean isEnough(Duration since, int slaves, int having) {
    if (slaves == 0) {
      return since.compareTo(atLeast) >= 0;
    }
    return (long) having * ALL >= (long) slaves * sharePercent || since.compareTo(atMost) >= 0;
  }
}
