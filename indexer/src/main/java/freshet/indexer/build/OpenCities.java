package freshet.indexer.build;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Bounds how many cities stay open: the one that was used longest ago is closed first. One that is
 * busy, or has a merge that is not committed yet, stays open beyond the bound until a later call.
 */
final class OpenCities {
  private final int bound;
  private final SequencedSet<CityIndex> byLastUse = new LinkedHashSet<>();

  OpenCities(int bound) {
    this.bound = bound;
  }

  /** Notes that a city is about to be opened. */
  synchronized void use(CityIndex city) {
    byLastUse.addLast(city);
    int tooMany = byLastUse.size() - bound;
    if (tooMany <= 0) {
      return;
    }
    for (CityIndex oldest : new ArrayList<>(byLastUse)) {
      if (tooMany > 0 && oldest != city && oldest.closeIfIdle()) {
        byLastUse.remove(oldest);
        tooMany--;
      }
    }
  }
}
