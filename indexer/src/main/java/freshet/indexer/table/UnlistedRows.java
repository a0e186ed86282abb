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
 * long as it is so. A bounded number is told apart; beyond it polls count cities low, and a scan,
 * which reads each row once, counts on. Thread-safe.
 */
public final class UnlistedRows {
  private static final int MOST = 100_000;

  private final boolean isOfScan;
  private final Map<DocumentKey, String> cities = new HashMap<>();
  private final SortedMap<String, OfCity> byCity = new TreeMap<>();
  private boolean isLow;

  /** Nearly always, and asked for every row. */
  private volatile boolean isEmpty = true;

  private UnlistedRows(boolean isOfScan) {
    this.isOfScan = isOfScan;
  }

  /** Of polls, which may read a row again and again; none yet. */
  public static UnlistedRows ofPolls() {
    return new UnlistedRows(false);
  }

  /** Of a scan; none yet. */
  public static UnlistedRows ofScan() {
    return new UnlistedRows(true);
  }

  /**
   * The rows of a city.
   *
   * @param city as they name it
   * @param rows how many
   * @param first the key of the first that was read
   */
  public record OfCity(String city, long rows, DocumentKey first) {}

  /**
   * All of them, for another process.
   *
   * @param cities how many rows each has
   * @param told keys of those that are told apart, by city
   * @param isLow whether there were more that nobody counted
   */
  public record Kept(List<OfCity> cities, Map<String, List<DocumentKey>> told, boolean isLow) {
    /** Copies the list. */
    public Kept {
      cities = List.copyOf(cities);
      told = Map.copyOf(told);
    }
  }

  /** What there is, by city. */
  public synchronized List<OfCity> all() {
    return new ArrayList<>(byCity.values());
  }

  /** Whether there may be more than are counted. */
  public synchronized boolean isLow() {
    return isLow;
  }

  /** What there is, to be kept. */
  public synchronized Kept keep() {
    Map<String, List<DocumentKey>> told = new HashMap<>();
    cities.forEach((key, city) -> told.computeIfAbsent(city, c -> new ArrayList<>()).add(key));
    return new Kept(all(), told, isLow);
  }

  /** Goes on with what was kept; nothing was counted here yet. */
  public synchronized void goOn(Kept kept) {
    kept.cities().forEach(of -> byCity.put(of.city(), of));
    kept.told().forEach((city, keys) -> keys.forEach(key -> cities.put(key, city)));
    isLow = kept.isLow();
    isEmpty = byCity.isEmpty();
  }

  /** Notes that there were rows before that nobody counted. */
  public synchronized void missSome() {
    isLow = true;
  }

  synchronized void add(DocumentKey key, String city) {
    isEmpty = false;
    if (city.equals(cities.get(key))) {
      return;
    }
    remove(key);
    boolean isTold = cities.size() < MOST;
    if (isTold) {
      cities.put(key, city);
    }
    if (isTold || isOfScan || !byCity.containsKey(city)) {
      byCity.merge(
          city,
          new OfCity(city, 1, key),
          (before, one) -> new OfCity(city, before.rows + 1, before.first));
    } else {
      isLow = true;
    }
  }

  /** It is something else by now. */
  void remove(DocumentKey key) {
    if (!isEmpty) {
      removeOne(key);
    }
  }

  private synchronized void removeOne(DocumentKey key) {
    String city = cities.remove(key);
    if (city != null) {
      byCity.computeIfPresent(city, (same, of) -> less(of));
    }
  }

  private static @Nullable OfCity less(OfCity of) {
    return of.rows == 1 ? null : new OfCity(of.city, of.rows - 1, of.first);
  }
}
