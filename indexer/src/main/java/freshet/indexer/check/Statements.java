package freshet.indexer.check;

import freshet.indexer.session.Sql;
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

  static String quoted(List<String> columns) {
    return String.join(", ", columns.stream().map(Sql::quoted).toList());
  }
}
