package freshet.indexer.session;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pieces of SQL that both kinds of server understand. */
public final class Sql {
  /** What a point in time is computed to: microseconds since 1970 UTC. */
  public static final String MICROS = "TIMESTAMPDIFF(MICROSECOND,'1970-01-01 00:00:00',%s)";

  private Sql() {}

  /** A table's name in backticks; a dot separates the database from the table. */
  public static String quoted(String table) {
    return Stream.of(table.split("\\.", 2)).map(Sql::name).collect(Collectors.joining("."));
  }

  /** A column's name in backticks. */
  public static String name(String column) {
    return '`' + column.replace("`", "``") + '`';
  }
}
