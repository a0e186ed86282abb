package freshet.indexer.diff;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.TableKey;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the rows of some cities, whether or not they are indexed, by reading all keys. */
public final class CityRows {
  private CityRows() {}

  /** How many rows name each of these cities, letter by letter; 0 where none does. */
  public static SortedMap<City, Long> count(
      TableKeys table, Set<City> cities, DiffProgress progress) throws SourceException {
    SortedMap<City, Long> rows = new TreeMap<>();
    cities.forEach(city -> rows.put(city, 0L));
    DocumentKey after = DocumentKey.EMPTY;
    while (after != null) {
      TableKeys.Page page = table.after(after);
      for (TableKey row : page.rows()) {
        TableKeys.city(row).ifPresent(city -> rows.computeIfPresent(city, (same, n) -> n + 1));
      }
      after = page.last();
      progress.table(page.rows().size());
    }
    return rows;
  }
}
