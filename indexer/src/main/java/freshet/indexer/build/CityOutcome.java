package freshet.indexer.build;

import freshet.replicator.publish.CityCommit;

/** What came of a city's batch. */
public sealed interface CityOutcome {

  /**
   * The city has a new commit.
   *
   * @param commit held from deletion until {@link CityIndexes#release}
   * @param counts what changed
   */
  record Committed(CityCommit commit, BatchCounts counts) implements CityOutcome {}

  /**
   * The city had everything already: no file was written.
   *
   * @param counts what was dropped
   */
  record Unchanged(BatchCounts counts) implements CityOutcome {}

  /**
   * Nothing of the batch is in the city's commit.
   *
   * @param cause what went wrong
   */
  record Failed(Exception cause) implements CityOutcome {}

  /** What the batch meant; nothing if it failed. */
  default BatchCounts countsOrNone() {
    return switch (this) {
      case Committed committed -> committed.counts;
      case Unchanged unchanged -> unchanged.counts;
      case Failed failed -> BatchCounts.NONE;
    };
  }
}
