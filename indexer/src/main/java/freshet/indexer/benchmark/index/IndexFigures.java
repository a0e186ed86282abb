package freshet.indexer.benchmark.index;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How fast documents are indexed; medians of several runs, ratios of pairs of the same run.
 *
 * @param documents of each run
 * @param documentBytes of one, on average
 * @param cities among which they are
 * @param threads that index
 * @param runs that were measured
 * @param raw documents a second by an IndexWriter for each city, one city after the other
 * @param bulk documents a second by a load, its spool and its last commit included
 * @param bulkToRaw how fast that is beside raw
 * @param batches documents a second by batches of a cycle's size
 * @param batchesToRaw how fast that is beside raw
 */
record IndexFigures(
    int documents,
    long documentBytes,
    int cities,
    int threads,
    int runs,
    long raw,
    long bulk,
    double bulkToRaw,
    long batches,
    double batchesToRaw) {
  private static final double TARGET = 0.9;

  @JsonProperty
  boolean isMet() {
    return bulkToRaw >= TARGET;
  }

  String text() {
    return """
    %,d documents of %,d bytes in %d cities, %d threads, median of %d runs
    raw IndexWriters   %,9d documents/s
    bulk load          %,9d documents/s   %.2f of that, target %.2f: %s
    batches            %,9d documents/s   %.2f of that\
    """
        .formatted(
            documents,
            documentBytes,
            cities,
            threads,
            runs,
            raw,
            bulk,
            bulkToRaw,
            TARGET,
            isMet() ? "reached" : "missed",
            batches,
            batchesToRaw);
  }
}
