package freshet.indexer.check;

import freshet.indexer.session.Sql;
import freshet.indexer.table.VersionColumn;
import java.util.List;

/** The statements that put findings right; each can be run as it is printed. */
final class Statements {
  private Statements() {}

  static String modify(String table, String column, String declaration) {
    return "ALTER TABLE %s MODIFY %s %s"
        .formatted(Sql.quoted(table), Sql.quoted(column), declaration);
  }

  static String createIndex(String index, String table, List<String> columns) {
    return "CREATE INDEX %s ON %s (%s)"
        .formatted(Sql.quoted(index), Sql.quoted(table), quoted(columns));
  }

  static String addUnique(String table, List<String> columns) {
    return "ALTER TABLE %s ADD UNIQUE (%s)".formatted(Sql.quoted(table), quoted(columns));
  }

  /** Adds a version that the server itself keeps; rows that are there get the time of this. */
  static String addVersion(String table, String column, int digits) {
    return "ALTER TABLE %s ADD COLUMN %s TIMESTAMP(%d) NOT NULL DEFAULT CURRENT_TIMESTAMP(%d) ON UPDATE CURRENT_TIMESTAMP(%d)"
        .formatted(Sql.quoted(table), Sql.name(column), digits, digits, digits);
  }

  /** Gives a version to the rows that have none. */
  static String stamp(String table, VersionColumn version) {
    String column = Sql.name(version.name());
    return "UPDATE %s SET %s = %s WHERE %s IS NULL"
        .formatted(Sql.quoted(table), column, version.now(), column);
  }

  static String quoted(List<String> columns) {
    return String.join(", ", columns.stream().map(Sql::quoted).toList());
  }
}
