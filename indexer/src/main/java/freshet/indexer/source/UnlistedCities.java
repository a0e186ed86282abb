package freshet.indexer.source;

import freshet.indexer.table.TableSpec;
import freshet.indexer.table.UnlistedRows;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.KeyCodec;
import java.util.List;

/** What is said of rows that are not indexed, since their city is not listed. */
final class UnlistedCities {
  private static final int MOST_NAMED = 10;

  private UnlistedCities() {}

  /** A finding for each city, of the first ones. */
  static List<Finding> findings(UnlistedRows rows, TableSpec table, KeyCodec codec) {
    return rows.all().stream()
        .limit(MOST_NAMED)
        .map(
            of ->
                new Finding(
                    "rows of city '%s' are not indexed, since it is not listed"
                        .formatted(of.city()),
                    "%s%s of table %s that %s read since the start, such as %s"
                        .formatted(
                            rows.isLow() ? "at least " : "",
                            Count.of(of.rows(), "row"),
                            table.name(),
                            of.rows() == 1 ? "was" : "were",
                            codec.show(of.first())),
                    "add it to listed_cities and restart the master, which then reads all its rows;"
                        + " or correct the rows"))
        .toList();
  }
}
