package freshet.indexer.inspect;

import freshet.indexer.check.LiveTable;
import freshet.replicator.config.Nearest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user says of the table; the rest is guessed.
 *
 * @param table its name
 * @param city the column of the cities; null if nobody said so
 * @param key the columns of its key; empty if nobody said so
 * @param version the column that grows whenever a row changes; null if nobody said so
 * @param joins tables whose texts the documents should have too
 */
public record Wishes(
    String table,
    @Nullable String city,
    List<String> key,
    @Nullable String version,
    List<String> joins) {

  /** Copies the lists. */
  public Wishes {
    key = List.copyOf(key);
    joins = List.copyOf(joins);
  }

  /** Refuses columns that the table does not have. */
  public void check(LiveTable live) throws InspectException {
    check(live, "--city-column", city);
    check(live, "--version-column", version);
    for (String column : key) {
      check(live, "--key-column", column);
    }
  }

  private static void check(LiveTable live, String option, @Nullable String column)
      throws InspectException {
    if (column != null && live.column(column) == null) {
      throw new InspectException(
          "%s %s: table %s has no such column%s; it has %s"
              .formatted(
                  option,
                  column,
                  live.name(),
                  Nearest.to(column, live.columns().keySet())
                      .map(near -> ", did you mean " + near + "?")
                      .orElse(""),
                  String.join(", ", live.columns().keySet())));
    }
  }
}
