package freshet.indexer.benchmark.replicate;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a slave fetched.
 *
 * @param workload that was run
 * @param textBytes of titles and bodies that changed
 * @param fetchedBytes of LATEST, manifests, packs and files; headers of requests are not counted
 * @param requests that were sent
 * @param tail bytes for each byte of changed text of single increments, at the 99th percentile
 * @param mergedBytes of merged segments that the master published
 * @param replayedBytes of those that the slave made itself
 */
record ShippingFigures(
    Workload workload,
    long textBytes,
    long fetchedBytes,
    long requests,
    double tail,
    long mergedBytes,
    long replayedBytes) {
  private static final double WANTED_SHARE = 0.95;

  @JsonProperty
  double ratio() {
    return (double) fetchedBytes / textBytes;
  }

  @JsonProperty
  double replayedShare() {
    return mergedBytes == 0 ? 0 : (double) replayedBytes / mergedBytes;
  }

  @JsonProperty
  boolean isMet() {
    return ratio() <= workload.wantedRatio()
        && tail <= workload.wantedTail()
        && replayedShare() >= WANTED_SHARE;
  }

  String text() {
    return """
    %s: %,d documents in %d cities, %d increments of %d changes a city
    fetched for a byte of changed text  %6.2f   at most %.2f: %s
    of one increment, 99 of 100         %6.2f   at most %.2f: %s
    merged bytes that were replayed     %6.3f   at least %.2f: %s
    requests an increment               %6.1f\
    """
        .formatted(
            workload.name(),
            workload.documents(),
            workload.cities(),
            workload.increments(),
            workload.changesPerCity(),
            ratio(),
            workload.wantedRatio(),
            verdict(ratio() <= workload.wantedRatio()),
            tail,
            workload.wantedTail(),
            verdict(tail <= workload.wantedTail()),
            replayedShare(),
            WANTED_SHARE,
            verdict(replayedShare() >= WANTED_SHARE),
            (double) requests / workload.increments());
  }

  private static String verdict(boolean isReached) {
    return isReached ? "reached" : "missed";
  }
}
