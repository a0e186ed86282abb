package freshet.indexer.table;

import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were read and are not indexed, since their city is not listed: each counted once, as
 * long as it is so. A bounded number is told apart; beyond it, cities are counted low. Used by one
 * thread.
 */
public final class UnlistedRows {
  private static final int MOST = 100_000;

  private final Map<DocumentKey, String> cities = new HashMap<>();
  private final SortedMap<String, OfCity> byCity = new TreeMap<>();

  /**
   * The rows of a city.
   *
   * @param city as they name it
   * @param rows how many
   * @param first the key of the first that was read
   */
  public record OfCity(String city, long rows, DocumentKey first) {}

  /** What there is, by city. */
  public List<OfCity> all() {
    return new ArrayList<>(byCity.values());
  }

  void add(DocumentKey key, String city) {
    if (!city.equals(cities.get(key))) {
      remove(key);
      if (cities.size() < MOST) {
        cities.put(key, city);
        byCity.merge(
            city,
            new OfCity(city, 1, key),
            (before, one) -> new OfCity(city, before.rows + 1, before.first));
      } else {
        byCity.putIfAbsent(city, new OfCity(city, 1, key));
      }
    }
  }

  /** It is something else by now. */
  void remove(DocumentKey key) {
    String city = cities.isEmpty() ? null : cities.remove(key);
    if (city != null) {
      byCity.computeIfPresent(city, (same, of) -> less(of));
    }
  }

  private static @Nullable OfCity less(OfCity of) {
    return of.rows == 1 ? null : new OfCity(of.city, of.rows - 1, of.first);
  }
}
