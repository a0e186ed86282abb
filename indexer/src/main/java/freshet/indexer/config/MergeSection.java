package freshet.indexer.config;

import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.merge.MergeHours;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.config.Sizes;
import java.time.Duration;

/** How working indexes are merged: the section {@code merge}. */
final class MergeSection {
  private static final long KILOBYTE = 1L << 10;
  private static final long MEGABYTE = 1L << 20;
  private static final long LEAST_RATE = 64 << 10;
  private static final int MAX_THREADS = 256;
  private static final String UNLIMITED = "unlimited";

  private MergeSection() {}

  static Made<MergeOptions> read(ConfigSection merge) {
    MergeOptions otherwise = MergeOptions.DEFAULT;
    int threads = merge.number("threads", otherwise.threads(), 1, MAX_THREADS);
    int segments = merge.number("segments_per_tier", otherwise.segmentsPerTier(), 2, 100);
    long floor = merge.size("floor", otherwise.floorKilobytes() * KILOBYTE, KILOBYTE);
    long largest = merge.size("max_merged", otherwise.maxMergedMegabytes() * MEGABYTE, MEGABYTE);
    MergeLimits limits = limits(merge, otherwise.limits());
    long advertiseAbove = merge.size("advertise_above", otherwise.advertising().aboveBytes(), 0);
    Duration advertiseFor = merge.duration("advertise_for", otherwise.advertising().atLeast());
    Duration advertiseAtMost =
        merge.duration("advertise_at_most", otherwise.advertising().atMost());
    int share = merge.number("advertise_share", otherwise.advertising().sharePercent(), 0, 100);
    return merge.make(
        () ->
            new MergeOptions(
                threads,
                segments,
                kilobytes(floor),
                megabytes(largest),
                limits,
                new MergeAdvertising(advertiseAbove, advertiseFor, advertiseAtMost, share)));
  }

  private static MergeLimits limits(ConfigSection merge, MergeLimits otherwise) {
    String expected =
        "what is written in a second is expected, at least %s, such as 20MB; or %s"
            .formatted(Sizes.show(LEAST_RATE), UNLIMITED);
    long rate =
        merge.parsed(
            "max_rate", UNLIMITED, expected, otherwise.maxBytesPerSecond(), MergeSection::rate);
    long bigAbove = merge.size("big_above", otherwise.bigAboveBytes(), 0);
    MergeHours bigHours =
        merge.parsed(
            "big_hours",
            otherwise.bigHours().toString(),
            "hours are expected",
            otherwise.bigHours(),
            MergeHours::parse);
    return new MergeLimits(rate, bigAbove, bigHours);
  }

  private static long rate(String text) {
    if (text.equals(UNLIMITED)) {
      return MergeLimits.UNLIMITED;
    }
    long rate = Sizes.parse(text).orElseThrow(IllegalArgumentException::new);
    if (rate < LEAST_RATE) {
      throw new IllegalArgumentException();
    }
    return rate;
  }

  private static int kilobytes(long bytes) {
    if (bytes % KILOBYTE != 0 || bytes / KILOBYTE > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("sizes here are whole kilobytes, such as 64KB");
    }
    return (int) (bytes / KILOBYTE);
  }

  /** Whole megabytes of a size. */
  static int megabytes(long bytes) {
    if (bytes % MEGABYTE != 0 || bytes / MEGABYTE > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("sizes here are whole megabytes, such as 64MB");
    }
    return (int) (bytes / MEGABYTE);
  }
}
