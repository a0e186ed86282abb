package freshet.indexer.alert;

import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.snapshot.City;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which cities can't apply their changes. A single report does not tell: a city that fails again
 * and again is left out of cycles meanwhile, and a cycle that fails as a whole tries none. Pure.
 *
 * @param cities with the last reason of each
 */
record FailingCities(SortedMap<City, String> cities) {
  static final FailingCities NONE = new FailingCities(Collections.emptySortedMap());

  /** Copies the map. */
  FailingCities {
    cities = Collections.unmodifiableSortedMap(new TreeMap<>(cities));
  }

  /** After one more cycle. */
  FailingCities after(CycleReport report) {
    SortedMap<City, String> failing = new TreeMap<>(cities);
    boolean isWhole = report.outcome() instanceof CycleOutcome.Failed;
    failing.keySet().retainAll(isWhole ? report.behind() : report.nextTries().keySet());
    failing.putAll(report.failed());
    return new FailingCities(failing);
  }
}
