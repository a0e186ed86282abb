package freshet.indexer.bulk;

import freshet.indexer.build.BuildOptions;

/**
 * How a whole table is loaded.
 *
 * @param build how the indexes are built; its threads flush and commit
 * @param ramBufferMegabytes memory for documents that are not flushed yet, of all cities together
 * @param maxOpenCities cities whose index may stay open between two pages
 * @param spoolMegabytes what may be lost with the process and is kept in the spool for that: then
 *     all indexes are committed
 */
public record BulkOptions(
    BuildOptions build, int ramBufferMegabytes, int maxOpenCities, int spoolMegabytes) {
  private static final int MAX_OPEN = 1_000;
  private static final int SPOOL = 1_024;
  private static final int SMALLEST_BUFFER = 64;
  private static final int LARGEST_BUFFER = 512;
  // What is being flushed, and what Lucene does not count, takes about as much again.
  private static final int SHARE_OF_HEAP = 4;
  private static final long MOST_COLLECTED = 160 << 10;

  /** Checks the ranges. */
  public BulkOptions {
    if (ramBufferMegabytes < 1 || maxOpenCities < 1 || spoolMegabytes < 1) {
      throw new IllegalArgumentException(
          ("a load takes at least 1 MB of RAM buffer, 1 open city and 1 MB of spool, not %d MB, %d,"
                  + " %d MB")
              .formatted(ramBufferMegabytes, maxOpenCities, spoolMegabytes));
    }
  }

  /**
   * The defaults: a quarter of this much heap as buffer, but 64 to 512 MB; 1,000 open cities; a
   * spool of 1 GB.
   *
   * @param heapBytes that the process may use
   */
  public static BulkOptions of(BuildOptions build, long heapBytes) {
    long buffer = (heapBytes / SHARE_OF_HEAP) >> 20;
    return new BulkOptions(
        build, Math.clamp(buffer, SMALLEST_BUFFER, LARGEST_BUFFER), MAX_OPEN, SPOOL);
  }

  /**
   * Bytes of the documents of one city that are collected before they are added: at most half of
   * the buffer if all cities that may be open have as much.
   */
  long collectedBytes() {
    return Math.min(MOST_COLLECTED, ramBufferMegabytes * (1L << 20) / maxOpenCities / 2);
  }
}
