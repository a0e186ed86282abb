package freshet.indexer.merge;

import java.time.Duration;

/**
 * Which finished merges are told of before a commit names them, so that slaves need not fetch all
 * of a merged segment together with the first fresh commit that has it.
 *
 * @param aboveBytes smaller ones are not: they come in the pack of their generation anyway
 * @param atLeast how long one is advertised before it enters a commit
 */
public record MergeAdvertising(long aboveBytes, Duration atLeast) {
  /** Merges above 1 MB, for 2 s. */
  public static final MergeAdvertising DEFAULT =
      new MergeAdvertising(1 << 20, Duration.ofSeconds(2));

  /** Checks the ranges. */
  public MergeAdvertising {
    if (aboveBytes < 0 || atLeast.isNegative()) {
      throw new IllegalArgumentException(
          "merges are advertised above 0 bytes and for some time, not above %d for %s"
              .formatted(aboveBytes, atLeast));
    }
  }
}
