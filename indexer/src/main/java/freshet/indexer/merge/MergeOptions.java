package freshet.indexer.merge;

/**
 * How working indexes are merged. The defaults suit many small indexes that change often.
 *
 * @param threads that merge at one time, beside those that build
 * @param segmentsPerTier how many segments of about one size stay before they are merged
 * @param floorKilobytes segments below this count as if they had this size, so that the small ones
 *     of quiet cities are merged together; far below the size of a whole city, or each of their
 *     merges takes all of the city with it
 * @param maxMergedMegabytes no merge makes a segment larger than this
 * @param limits of what is written, and when
 * @param advertising of merges that no commit names yet
 */
public record MergeOptions(
    int threads,
    int segmentsPerTier,
    int floorKilobytes,
    int maxMergedMegabytes,
    MergeLimits limits,
    MergeAdvertising advertising) {
  /** One thread, 8 segments a tier, a floor of 64 KB, segments up to 5 GB, no limits. */
  public static final MergeOptions DEFAULT = new MergeOptions(1, 8, 64, 5 * 1024, MergeLimits.NONE);

  /** Checks the ranges. */
  public MergeOptions {
    if (threads < 1 || segmentsPerTier < 2 || floorKilobytes < 1 || maxMergedMegabytes < 1) {
      throw new IllegalArgumentException(
          ("merging takes at least 1 thread, 2 segments a tier, 1 KB as floor and 1 MB as maximum, not"
                  + " %d, %d, %d, %d")
              .formatted(threads, segmentsPerTier, floorKilobytes, maxMergedMegabytes));
    }
  }

  /** With merges that are advertised as they are by default. */
  public MergeOptions(
      int threads,
      int segmentsPerTier,
      int floorKilobytes,
      int maxMergedMegabytes,
      MergeLimits limits) {
    this(
        threads,
        segmentsPerTier,
        floorKilobytes,
        maxMergedMegabytes,
        limits,
        MergeAdvertising.DEFAULT);
  }
}
