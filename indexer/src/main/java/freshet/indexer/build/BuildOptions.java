package freshet.indexer.build;

import freshet.indexer.merge.MergeOptions;
import java.time.Duration;

/**
 * How cities are built.
 *
 * @param threads cities that are built at the same time
 * @param maxOpenCities cities whose index stays open between batches; the one that was used longest
 *     ago is closed first
 * @param ramBufferMegabytes memory for documents that are not flushed yet, of all threads together
 * @param bestCompression whether stored fields are compressed more, at more CPU
 * @param merge how segments are merged
 * @param cityTimeout how long one city's batch may take before the others go on without it
 */
public record BuildOptions(
    int threads,
    int maxOpenCities,
    int ramBufferMegabytes,
    boolean bestCompression,
    MergeOptions merge,
    Duration cityTimeout) {
  private static final int MAX_OPEN = 256;
  private static final int RAM_BUFFER = 128;
  private static final Duration CITY_TIMEOUT = Duration.ofSeconds(10);

  /** Of so many commits at one time, the disk makes one sync. */
  private static final int AT_ONCE = 16;

  /** Checks the ranges. */
  public BuildOptions {
    if (threads < 1 || maxOpenCities < 1 || ramBufferMegabytes < threads) {
      throw new IllegalArgumentException(
          ("building takes at least 1 thread, 1 open city and 1 MB of RAM buffer a thread, not %d,"
                  + " %d, %d MB")
              .formatted(threads, maxOpenCities, ramBufferMegabytes));
    }
    if (!cityTimeout.isPositive()) {
      throw new IllegalArgumentException("a city is given some time, not " + cityTimeout);
    }
  }

  /** With the default time for a city, 10 s. */
  public BuildOptions(
      int threads,
      int maxOpenCities,
      int ramBufferMegabytes,
      boolean bestCompression,
      MergeOptions merge) {
    this(threads, maxOpenCities, ramBufferMegabytes, bestCompression, merge, CITY_TIMEOUT);
  }

  /** The same with another time for a city. */
  public BuildOptions giving(Duration time) {
    return new BuildOptions(
        threads, maxOpenCities, ramBufferMegabytes, bestCompression, merge, time);
  }

  /**
   * Cities whose batches are applied at one time: more than there are threads to compute by, since
   * a commit mostly waits for the disk. A single thread stays the only one, so that all happens in
   * one order.
   */
  int citiesAtOnce() {
    return threads == 1 ? 1 : Math.max(threads, AT_ONCE);
  }

  /** The defaults with that many threads: 256 open cities, 128 MB, fast compression. */
  public static BuildOptions of(int threads) {
    return new BuildOptions(threads, MAX_OPEN, RAM_BUFFER, false, MergeOptions.DEFAULT);
  }
}
