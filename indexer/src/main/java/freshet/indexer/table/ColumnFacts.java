package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.indexer.session.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of a column.
 *
 * @param type without digits, in lower case, such as {@code datetime}
 * @param stamped how the server itself stamps it by its session's clock, in its own words; null if
 *     it does not
 */
record ColumnFacts(String type, @Nullable String stamped) {
  private static final Pattern BY_SESSION_ZONE =
      Pattern.compile(
          "(?i)\\b(?:current_timestamp|localtimestamp|localtime|now|sysdate|from_unixtime)\\b[()0-9]*");

  /**
   * Asks for them; null if there is no such column.
   *
   * @param database the default one
   */
  static @Nullable ColumnFacts read(Session session, String database, String table, String column)
      throws SQLException {
    int dot = table.indexOf('.');
    String schema = dot < 0 ? database : table.substring(0, dot);
    @Nullable ColumnFacts[] facts = new ColumnFacts[1];
    session.read(
        new Query(
            "SELECT DATA_TYPE, CONCAT_WS(' ', COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION) FROM"
                + " information_schema.COLUMNS"
                + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?",
            List.of(schema, table.substring(dot + 1), column)),
        row -> {
          Matcher found = BY_SESSION_ZONE.matcher(row.getString(2));
          facts[0] =
              new ColumnFacts(
                  row.getString(1).toLowerCase(Locale.ROOT), found.find() ? found.group() : null);
          return true;
        });
    return facts[0];
  }
}
