package freshet.indexer.benchmark.build;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and on how much.
 *
 * @param documents of the smaller table
 * @param cities of the smaller table
 * @param largeDocuments of the larger table
 * @param largeCities of the larger table
 * @param seconds for which changes come in at the operating point
 * @param runs of each measurement
 * @param measured which of them
 * @param listings file that documents are made from; null: they are generated
 */
record Workload(
    int documents,
    int cities,
    int largeDocuments,
    int largeCities,
    int seconds,
    int runs,
    Set<Measurement> measured,
    @Nullable Path listings) {
  private static final double SHARE = 0.017;

  /** Cities of an increment that concerns only a few. */
  static final int FEW = 5;

  /** Checks the ranges. */
  Workload {
    measured = Set.copyOf(measured);
    if (cities < FEW || documents < 10 * cities) {
      throw new IllegalArgumentException(
          "--cities is %d or more and --documents 10 a city, not %d and %d"
              .formatted(FEW, cities, documents));
    }
    if (largeCities < 1 || largeDocuments < 10 * largeCities) {
      throw new IllegalArgumentException(
          "--large-cities is 1 or more and --large-documents 10 a city, not %d and %d"
              .formatted(largeCities, largeDocuments));
    }
    if (seconds < 1 || runs < 1) {
      throw new IllegalArgumentException(
          "--seconds and --runs are 1 or more, not %d and %d".formatted(seconds, runs));
    }
  }

  boolean measures(Measurement measurement) {
    return measured.contains(measurement);
  }

  /** Changes of an increment over all cities: 1.7 % of the documents. */
  int changes() {
    return (int) Math.round(SHARE * documents);
  }

  /** Changes of an increment in a few cities, at the same rate a city. */
  int fewChanges() {
    return Math.max(FEW, changes() * FEW / cities);
  }

  /** Documents of a table that has a hundredth of the larger one's, in as many cities. */
  int hundredth() {
    return Math.max(largeCities, largeDocuments / 100);
  }

  /** Changes of an increment that must not depend on the size of the corpus. */
  int fixedChanges() {
    return Math.min(1_000, hundredth() / 10);
  }
}
