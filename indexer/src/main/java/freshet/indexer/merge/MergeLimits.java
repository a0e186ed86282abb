package freshet.indexer.merge;

/**
 * What merges may take of the machine, beside their threads.
 *
 * @param maxBytesPerSecond that all merges together write; {@link #UNLIMITED} for no bound
 * @param bigAboveBytes merges of more than this many bytes are big
 * @param bigHours when big merges may run. One that is not done by their end begins again later
 */
public record MergeLimits(long maxBytesPerSecond, long bigAboveBytes, MergeHours bigHours) {
  /** No bound of the rate. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** No bound of the rate, and merges of all sizes at all hours. */
  public static final MergeLimits NONE = new MergeLimits(UNLIMITED, 1L << 30, MergeHours.ALWAYS);

  /** Checks the ranges. */
  public MergeLimits {
    if (maxBytesPerSecond < 1 || bigAboveBytes < 0) {
      throw new IllegalArgumentException(
          "merging takes at least 1 byte a second, and big ones above 0 bytes, not %d, %d"
              .formatted(maxBytesPerSecond, bigAboveBytes));
    }
  }
}
