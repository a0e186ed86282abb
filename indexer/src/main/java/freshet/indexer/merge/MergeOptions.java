package freshet.indexer.merge;

/**
 * How working indexes are merged. The defaults suit many small indexes that change often.
 *
 * @param threads that merge, beside those that build
 * @param segmentsPerTier how many segments of about one size stay before they are merged
 * @param floorMegabytes segments below this count as if they had this size, so that the small ones
 *     of quiet cities are merged together
 * @param maxMergedMegabytes no merge makes a segment larger than this
 */
public record MergeOptions(
    int threads, int segmentsPerTier, int floorMegabytes, int maxMergedMegabytes) {
  /** One thread, 8 segments a tier, a floor of 2 MB, segments up to 5 GB. */
  public static final MergeOptions DEFAULT = new MergeOptions(1, 8, 2, 5 * 1024);

  /** Checks the ranges. */
  public MergeOptions {
    if (threads < 1 || segmentsPerTier < 2 || floorMegabytes < 1 || maxMergedMegabytes < 1) {
      throw new IllegalArgumentException(
          ("merging takes at least 1 thread, 2 segments a tier, 1 MB as floor and as maximum, not"
                  + " %d, %d, %d, %d")
              .formatted(threads, segmentsPerTier, floorMegabytes, maxMergedMegabytes));
    }
  }
}
