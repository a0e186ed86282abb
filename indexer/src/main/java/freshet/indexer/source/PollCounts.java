package freshet.indexer.source;

/** Figures that a poll adds up while it runs. */
final class PollCounts {
  int deletionsRead;
  int changesRead;
  int overlapPairs;
  int overlapFetched;
  int quarantined;
}
