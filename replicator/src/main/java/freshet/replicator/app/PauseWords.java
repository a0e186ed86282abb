package freshet.replicator.app;

import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.Pauses;
import freshet.replicator.snapshot.City;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What paused cities add to what a slave says of itself. Pure. */
final class PauseWords {
  private PauseWords() {}

  /** The first of them, by name; null if no city is paused by itself. */
  static @Nullable List<Pause> some(Pauses pauses) {
    return pauses.cities().isEmpty()
        ? null
        : pauses.cities().values().stream().limit(SlaveStatus.MOST_PAUSES).toList();
  }

  /** A sentence of what is waited for, and behind it what stands still meanwhile. */
  static String after(String waitsFor, Pauses pauses) {
    SortedMap<City, Pause> cities = pauses.cities();
    if (cities.isEmpty()) {
      return waitsFor;
    }
    Map.Entry<City, Pause> first = cities.entrySet().iterator().next();
    String said =
        "%s; city %s is %s".formatted(waitsFor, first.getKey(), first.getValue().sentence());
    return cities.size() == 1
        ? said
        : "%s; %,d more cities are paused".formatted(said, cities.size() - 1);
  }

  /**
   * That cities are served as they are though they are paused, the first of them.
   *
   * @param passed why, by city
   */
  static List<String> findings(SortedMap<City, String> passed) {
    return passed.entrySet().stream()
        .limit(SlaveStatus.MOST_PAUSES)
        .map(
            city ->
                "city %s is paused, and served as it is: %s"
                    .formatted(city.getKey(), city.getValue()))
        .toList();
  }
}
