package freshet.indexer.diff;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.TableKey;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The cities that rows name, whether or not they are indexed, learnt by reading all keys. */
public final class CityRows {
  private CityRows() {}

  /** How many rows name each of these cities, letter by letter; 0 where none does. */
  public static SortedMap<City, Long> count(
      TableKeys table, Set<City> cities, DiffProgress progress) throws SourceException {
    SortedMap<City, Long> rows = new TreeMap<>();
    cities.forEach(city -> rows.put(city, 0L));
    read(
        table,
        progress,
        city -> {
          rows.computeIfPresent(city, (same, n) -> n + 1);
          return false;
        });
    return rows;
  }

  /** Cities that rows name: all of the table, or as many as are read until these are among them. */
  public static SortedSet<City> until(TableKeys table, Set<City> cities, DiffProgress progress)
      throws SourceException {
    SortedSet<City> named = new TreeSet<>();
    read(table, progress, city -> named.add(city) && named.containsAll(cities));
    return named;
  }

  private static void read(TableKeys table, DiffProgress progress, Predicate<City> isEnough)
      throws SourceException {
    DocumentKey after = DocumentKey.EMPTY;
    while (after != null) {
      TableKeys.Page page = table.after(after);
      for (TableKey row : page.rows()) {
        if (TableKeys.city(row).filter(isEnough).isPresent()) {
          return;
        }
      }
      after = page.last();
      progress.table(page.rows().size());
    }
  }
}
