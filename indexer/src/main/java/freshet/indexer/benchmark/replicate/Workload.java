package freshet.indexer.benchmark.replicate;

import freshet.replicator.pull.ReplayMode;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and on how much.
 *
 * @param documents of the table of many cities
 * @param cities of it
 * @param cityDocuments of the table of one city
 * @param increments of each workload whose bytes are counted
 * @param seconds for which changes come in every second
 * @param slaves that clone at one time
 * @param runs of each measurement of time
 * @param replay when slaves replay merges
 * @param measured which rows
 * @param listings file that documents are made from; null: they are generated
 */
record Workload(
    int documents,
    int cities,
    int cityDocuments,
    int increments,
    int seconds,
    int slaves,
    int runs,
    ReplayMode replay,
    Set<Row> measured,
    @Nullable Path listings) {
  /** Cities of an increment that concerns only a few. */
  static final int FEW = 5;

  private static final double CITY_SHARE = 0.01;
  private static final double SHARE = 0.017;

  /** Checks the ranges. */
  Workload {
    measured = Set.copyOf(measured);
    if (cities < FEW || documents < 10 * cities) {
      throw new IllegalArgumentException(
          "--cities is %d or more and --documents 10 a city, not %d and %d"
              .formatted(FEW, cities, documents));
    }
    if (cityDocuments < 100) {
      throw new IllegalArgumentException(
          "--city-documents is 100 or more, not %d".formatted(cityDocuments));
    }
    if (increments < 1 || seconds < 1 || slaves < 1 || runs < 1) {
      throw new IllegalArgumentException(
          "--increments, --seconds, --slaves and --runs are 1 or more, not %d, %d, %d and %d"
              .formatted(increments, seconds, slaves, runs));
    }
  }

  boolean measures(Row row) {
    return measured.contains(row);
  }

  /** Changes of an increment of the one city: 1 % of the documents. */
  int cityChanges() {
    return (int) Math.round(CITY_SHARE * cityDocuments);
  }

  /** Changes of an increment in each of the many cities: 1.7 % of the documents. */
  int changesPerCity() {
    return Math.max(1, (int) Math.round(SHARE * documents / cities));
  }
}
