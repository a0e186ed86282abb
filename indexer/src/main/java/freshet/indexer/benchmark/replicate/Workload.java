package freshet.indexer.benchmark.replicate;

/**
 * What is changed.
 *
 * @param name for people
 * @param documents at first
 * @param cities among which they are
 * @param permille of the documents that each increment changes
 * @param increments how many
 * @param wantedRatio the most bytes that may be fetched for a byte of changed text
 * @param wantedTail the same of a single increment, at the 99th percentile; infinite for no bound
 */
record Workload(
    String name,
    int documents,
    int cities,
    int permille,
    int increments,
    double wantedRatio,
    double wantedTail) {

  /** Changes of an increment in each city: half of them edits, a tenth deletions, the rest new. */
  int changesPerCity() {
    return Math.max(1, Math.round(documents * (permille / 1000f) / cities));
  }
}
