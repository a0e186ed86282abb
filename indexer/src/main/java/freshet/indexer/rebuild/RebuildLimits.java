package freshet.indexer.rebuild;

import freshet.indexer.scan.ScanLimits;

/**
 * How fast a rebuild may read.
 *
 * @param threads ranges that are read at one time
 * @param scan what the server has to bear
 */
public record RebuildLimits(int threads, ScanLimits scan) {

  /** At least one thread. */
  public RebuildLimits {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads read: expected 1 or more");
    }
  }
}
