package freshet.indexer.propose;

import java.time.Duration;

/**
 * What the first build of a table will take, roughly: by the figures of docs/benchmarks.md, where
 * two processors of 2026 index 13,600 documents of 1.1 KB in a second.
 *
 * @param time from the first row to the first snapshot
 * @param bytes of the index and its repository, which share their files
 * @param mostBytes while it is built: what was read waits on disk, and merges copy
 */
public record BuildEstimate(Duration time, long bytes, long mostBytes) {
  private static final double BYTES_PER_SECOND = 7_000_000;
  private static final double DOCUMENTS_PER_SECOND = 30_000;

  /** Starting up, opening the indexes, the first publication. */
  private static final Duration START = Duration.ofSeconds(2);

  /** What an index takes of a document beside its text: keys, versions, terms of short fields. */
  private static final long BYTES_PER_DOCUMENT = 100;

  private static final int GROWTH_WHILE_BUILT = 3;

  /**
   * Estimates.
   *
   * @param rows of the table
   * @param bytesOfRow of the columns that are indexed
   * @param processors that index at one time
   */
  public static BuildEstimate of(long rows, double bytesOfRow, int processors) {
    double text = rows * bytesOfRow;
    double seconds =
        (text / BYTES_PER_SECOND + rows / DOCUMENTS_PER_SECOND) / Math.max(1, processors);
    long bytes = Math.round(text) + rows * BYTES_PER_DOCUMENT;
    return new BuildEstimate(
        START.plusSeconds(Math.round(seconds)), bytes, bytes * GROWTH_WHILE_BUILT);
  }
}
