package freshet.indexer.check;

import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Some rows of a table: the newest, if a key says which those are. */
public final class Sample {
  /** Characters after which texts should be cut off: what they are shows by then. */
  public static final int LONGEST = 300;

  private static final int ROWS = 500;
  private static final Duration TIME = Duration.ofSeconds(10);

  private Sample() {}

  /**
   * Reads expressions over the columns of those rows.
   *
   * @param expressions with their names
   * @throws SourceException.Stalled if the server takes more than ten seconds
   */
  public static List<Map<String, String>> read(
      Conversation server, LiveTable live, List<String> expressions) throws SourceException {
    String order =
        live.indexes().stream()
            .filter(index -> index.name().equals("PRIMARY") && index.isTree())
            .findFirst()
            .map(key -> " ORDER BY " + descending(key.columns()))
            .orElse("");
    return server.rows(
        "reading a sample",
        Query.of(
            Bounded.within(
                TIME,
                "SELECT %s FROM %s%s LIMIT %d"
                    .formatted(
                        String.join(", ", expressions), Sql.quoted(live.name()), order, ROWS))));
  }

  /** The beginning of a column's text. */
  public static String beginning(String column) {
    return "LEFT(%s, %d)".formatted(column, LONGEST);
  }

  private static String descending(List<String> key) {
    return key.stream().map(column -> Sql.name(column) + " DESC").collect(Collectors.joining(", "));
  }
}
