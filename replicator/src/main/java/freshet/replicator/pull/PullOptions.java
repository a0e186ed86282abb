package freshet.replicator.pull;

import freshet.replicator.snapshot.CitySubset;

/**
 * How to pull.
 *
 * @param parallelFiles how many files are fetched at a time, 1 to 64
 * @param reserveBytes free space that a pull leaves on the store's disk
 * @param replay when merges are replayed
 * @param cities that are pulled
 */
public record PullOptions(
    int parallelFiles, long reserveBytes, ReplayMode replay, CitySubset cities) {
  /** Four files at a time; 256 MiB stay free; all cities. */
  public static final PullOptions DEFAULT = new PullOptions(4, 256L << 20);

  /** For all cities, with merges replayed where that saves bytes. */
  public PullOptions(int parallelFiles, long reserveBytes) {
    this(parallelFiles, reserveBytes, ReplayMode.AUTO);
  }

  /** For all cities. */
  public PullOptions(int parallelFiles, long reserveBytes, ReplayMode replay) {
    this(parallelFiles, reserveBytes, replay, CitySubset.ALL);
  }

  /** Checks the ranges. */
  public PullOptions {
    if (parallelFiles < 1 || parallelFiles > 64) {
      throw new IllegalArgumentException(
          "1 to 64 files are fetched at a time, found " + parallelFiles);
    }
    if (reserveBytes < 0) {
      throw new IllegalArgumentException("a reserve of " + reserveBytes + " bytes is no size");
    }
  }
}
