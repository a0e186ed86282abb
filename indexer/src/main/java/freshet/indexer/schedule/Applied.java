package freshet.indexer.schedule;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.route.CityBatch;
import freshet.indexer.route.RoutedBatch;
import freshet.indexer.source.ChangeBatch;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A batch, applied to all cities in two phases: what they gain and what is truly deleted, then the
 * removals from cities whose documents others have gained.
 */
final class Applied {
  private final RoutedBatch routed;
  private final Set<City> leftOut;
  private final Map<City, Exception> failed = new TreeMap<>();
  private final Set<City> failedFirst;
  private final Set<City> committed = new TreeSet<>();
  private BatchCounts counts = BatchCounts.NONE;

  private Applied(
      CityIndexes cities,
      RoutedBatch routed,
      ChangeBatch batch,
      Progress progress,
      Set<City> leftOut) {
    this.routed = routed;
    this.leftOut = leftOut;
    Map<City, CityBatch> first = new TreeMap<>(routed.first());
    first.keySet().removeAll(leftOut);
    Set<City> losing = routed.losing();
    take(
        cities,
        cities.apply(
            first,
            // A position promises that the removals have been applied too, which come second.
            city -> losing.contains(city) ? progress.of(city) : progress.after(city, batch)));
    failedFirst = lacking();
    take(cities, cities.apply(routed.second(failedFirst), city -> progress.after(city, batch)));
    // They may still come to hold what this batch did not tell them to drop.
    cities.overdue().forEach(failed::putIfAbsent);
    cities.settle(lacking());
  }

  /**
   * Applies it.
   *
   * @param leftOut cities that are behind and apply nothing of it
   */
  static Applied run(
      CityIndexes cities,
      RoutedBatch routed,
      ChangeBatch batch,
      Progress progress,
      Set<City> leftOut) {
    return new Applied(cities, routed, batch, progress, leftOut);
  }

  /** Cities that failed to apply something of the batch, and why. */
  Map<City, Exception> failed() {
    return failed;
  }

  /** Cities that have a new commit. */
  Set<City> committed() {
    return committed;
  }

  BatchCounts counts() {
    return counts;
  }

  /** Where documents are now, as far as that changed. */
  Map<DocumentKey, SortedSet<City>> places() {
    return routed.places(failedFirst, lacking());
  }

  /** Pairs of cities of which one has committed a document and the other its removal. */
  List<Set<City>> exchanges() {
    return routed.exchanges(lacking());
  }

  private Set<City> lacking() {
    Set<City> lacking = new TreeSet<>(failed.keySet());
    lacking.addAll(leftOut);
    return lacking;
  }

  /** How many documents have left each city for another one. */
  SortedMap<City, Long> departed() {
    return routed.departed(failed.keySet());
  }

  private void take(CityIndexes cities, SortedMap<City, CityOutcome> outcomes) {
    outcomes.forEach(
        (city, outcome) -> {
          switch (outcome) {
            case CityOutcome.Committed done -> {
              committed.add(city);
              // Its last commit is kept anyway; what is published holds it for itself.
              cities.release(done.commit());
            }
            case CityOutcome.Unchanged same -> {}
            case CityOutcome.Failed failure -> failed.put(city, failure.cause());
          }
          counts = counts.plus(outcome.countsOrNone());
        });
  }
}
