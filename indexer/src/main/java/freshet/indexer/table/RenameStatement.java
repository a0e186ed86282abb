package freshet.indexer.table;

import freshet.indexer.session.Sql;
import freshet.replicator.snapshot.City;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The statement by which an operator renames a city: it gives each row a new version, by which
 * polls find it, and touches no city whose name a collation takes for the same.
 */
public final class RenameStatement {
  private RenameStatement() {}

  /** As it can be run. */
  public static String of(TableSpec table, City from, City to) {
    String column = Sql.name(table.city());
    return "UPDATE %s SET %s = %s, %s = %s WHERE %s = %s AND HEX(CONVERT(%s USING utf8mb4)) = '%s';"
        .formatted(
            Sql.quoted(table.name()),
            column,
            text(to),
            Sql.name(table.version().name()),
            table.version().now(),
            column,
            text(from),
            column,
            hex(from));
  }

  /** A text that neither quotes nor backslashes can end. */
  private static String text(City city) {
    boolean isPlain =
        city.name().codePoints().allMatch(c -> c >= ' ' && c < 127 && c != '\'' && c != '\\');
    return isPlain ? "'" + city.name() + "'" : "CONVERT(x'%s' USING utf8mb4)".formatted(hex(city));
  }

  private static String hex(City city) {
    return HexFormat.of().withUpperCase().formatHex(city.name().getBytes(StandardCharsets.UTF_8));
  }
}
