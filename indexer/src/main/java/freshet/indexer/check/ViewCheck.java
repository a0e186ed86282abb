package freshet.indexer.check;

import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import java.util.List;
import java.util.Locale;

/**
 * Whether the documents are read through a view that hides rows. A row that ceases to satisfy its
 * condition is not seen any more, in no poll, so its document stays: a ghost. Pure.
 */
final class ViewCheck {
  private static final String WHERE = " where ";
  private static final List<String> AFTER_WHERE = List.of(" group by ", " order by ", " limit ");

  private ViewCheck() {}

  static List<Finding> of(LiveTable live, Account account) {
    if (!live.isView()) {
      return List.of();
    }
    if (live.definition().isEmpty()) {
      return List.of(
          new Finding(
              "%s is a view, and nobody can say whether it hides rows, which would be ghosts"
                  .formatted(live.name()),
              "its query is not shown to " + account.name(),
              account.grant("SHOW VIEW", live.name())));
    }
    String query = live.definition();
    int where = topLevel(query, WHERE, 0);
    if (where < 0) {
      return List.of();
    }
    int end =
        AFTER_WHERE.stream()
            .mapToInt(word -> topLevel(query, word, where + 1))
            .filter(at -> at >= 0)
            .min()
            .orElse(query.length());
    String condition = query.substring(where + WHERE.length(), end);
    return List.of(
        new Finding(
            "view %s hides rows: a document whose row ceases to satisfy its condition stays for ever; take the condition out of the view and put it into table.searchable_if"
                .formatted(live.name()),
            "its condition is " + condition,
            "CREATE OR REPLACE VIEW %s AS %s%s"
                .formatted(
                    Sql.quoted(live.name()), query.substring(0, where), query.substring(end))));
  }

  /** Where a word stands outside of brackets and quotes; -1 if nowhere. */
  private static int topLevel(String query, String word, int from) {
    String lower = query.toLowerCase(Locale.ROOT);
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (quote != 0) {
        if (c == '\\' && quote != '`') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\'' || c == '"' || c == '`') {
        quote = c;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (depth == 0 && i >= from && lower.startsWith(word, i)) {
        return i;
      }
    }
    return -1;
  }
}
