package freshet.indexer.check;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import freshet.indexer.table.CityFilter;
import freshet.indexer.table.TableSpec;
import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether the cities of the table are those that are listed. */
final class CitiesCheck {
  /** Rows that are looked at, so that a large table is not read for this. */
  private static final int MOST_ROWS = 1_000_000;

  private static final int MOST_NAMED = 10;

  private CitiesCheck() {}

  /** Cities with rows that are not listed, and listed ones without a row. */
  static List<Finding> of(TableSpec table, CityFilter filter, Conversation server)
      throws SourceException {
    SortedSet<City> listed = filter.listed();
    if (listed == null) {
      return List.of();
    }
    long rows = 0;
    List<Finding> findings = new ArrayList<>();
    SortedSet<City> empty = new TreeSet<>(listed);
    for (CityRows found :
        CityRows.read(server, CityRows.query(table.name(), table.city(), MOST_ROWS))) {
      rows += found.rows();
      String name = found.name();
      if (name != null && City.problemWith(name).isEmpty()) {
        empty.remove(new City(name));
        if (!filter.allows(new City(name)) && findings.size() < MOST_NAMED) {
          findings.add(unlisted(table, name, found.rows()));
        }
      }
    }
    if (rows < MOST_ROWS && !empty.isEmpty()) {
      findings.add(
          new Finding(
              "cities are listed that no row names",
              "%s, in all %d of %d"
                  .formatted(
                      empty.stream().limit(MOST_NAMED).toList(), empty.size(), listed.size()),
              "correct their names in listed_cities, if they are wrong: each letter counts, upper"
                  + " and lower case too"));
    }
    return findings;
  }

  private static Finding unlisted(TableSpec table, String name, long rows) {
    return new Finding(
        "rows of city '%s' are not indexed, since it is not listed".formatted(name),
        "%,d of the first %,d rows of table %s".formatted(rows, MOST_ROWS, table.name()),
        "add it to listed_cities; or correct the rows");
  }
}
