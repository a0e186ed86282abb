package freshet.indexer.check;

import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import freshet.indexer.table.TableSpec;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether {@code searchable_if} can be computed, and depends on nothing but its row. */
final class ExpressionCheck {
  private static final int SAMPLE = 10_000;

  /** What has another value when nothing in the row has changed, so that no poll sees it. */
  private static final Pattern CHANGES_BY_ITSELF =
      Pattern.compile(
          "(?i)\\b(?:RAND|UUID|UUID_SHORT|NOW|SYSDATE|CURDATE|CURTIME|CONNECTION_ID|USER"
              + "|LAST_INSERT_ID|FOUND_ROWS|SLEEP|GET_LOCK)\\s*\\("
              + "|\\bUNIX_TIMESTAMP\\s*\\(\\s*\\)"
              + "|\\b(?:CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|CURRENT_USER|LOCALTIME"
              + "|LOCALTIMESTAMP|UTC_DATE|UTC_TIME|UTC_TIMESTAMP|SELECT)\\b|@");

  /** Text and names in quotes, in which anything may stand. */
  private static final Pattern QUOTED =
      Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"\\\\]|\\\\.|\"\")*\"|`[^`]*`");

  private ExpressionCheck() {}

  static List<Finding> of(TableSpec table, Conversation server) throws SourceException {
    String expression = table.searchableIf();
    if (expression == null) {
      return List.of();
    }
    try {
      // With a query of the user's, the expression may name columns that only the query has.
      long unknown = table.query() == null ? unknown(table.name(), expression, server) : 0;
      Finding moving = changesByItself(expression);
      if (moving != null) {
        return List.of(moving);
      }
      return unknown == 0
          ? List.of()
          : List.of(
              new Finding(
                  "searchable_if is NULL for some rows, which are then not searched",
                  "%d of the first %d rows".formatted(unknown, SAMPLE),
                  "say what they are: searchable_if: COALESCE(%s, FALSE), or TRUE"
                      .formatted(expression)));
    } catch (SourceException.SchemaError e) {
      return List.of(
          new Finding(
              "searchable_if can't be computed",
              String.valueOf(e.getMessage()),
              "correct the expression in the configuration"));
    }
  }

  private static long unknown(String table, String expression, Conversation server)
      throws SourceException {
    Query query =
        Query.of(
            "SELECT COUNT(*) AS n FROM (SELECT (%s) IS NULL AS is_null FROM %s LIMIT %d) sample WHERE is_null"
                .formatted(expression, Sql.quoted(table), SAMPLE));
    return Long.parseLong(
        server.rows("computing searchable_if", query).getFirst().getOrDefault("n", "0"));
  }

  static @Nullable Finding changesByItself(String expression) {
    Matcher found = CHANGES_BY_ITSELF.matcher(QUOTED.matcher(expression).replaceAll("''"));
    return found.find()
        ? new Finding(
            "searchable_if changes while its row does not, which no poll sees",
            "it contains " + found.group(),
            "compare columns of the row with constants only; let a job update rows whose time has come, so that their version grows")
        : null;
  }
}
