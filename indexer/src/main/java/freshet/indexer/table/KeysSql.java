package freshet.indexer.table;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A SELECT of the user's with the named parameter {@code :keys}, which stands for a list of keys:
 * {@code id IN (:keys)}, or {@code (site, id) IN (:keys)} where a key has several columns.
 *
 * @param pieces the text between the parameters: one more than there are parameters
 */
public record KeysSql(List<String> pieces) {
  private static final String KEYS = "keys";

  /** Copies the list. */
  public KeysSql {
    pieces = List.copyOf(pieces);
  }

  /**
   * Reads a statement.
   *
   * @throws IllegalArgumentException that says what is wrong with it, where, and what to write
   */
  public static KeysSql parse(String sql) {
    NamedParameters found = NamedParameters.scan(sql);
    for (String name : found.names()) {
      if (!name.equals(KEYS)) {
        throw new IllegalArgumentException(
            "there is no parameter :%s; the one that there is is :keys, as in WHERE id IN (:keys)"
                .formatted(name));
      }
    }
    if (found.names().isEmpty()) {
      throw new IllegalArgumentException(
          "the parameter :keys is missing: write WHERE id IN (:keys), so that only the rows of some"
              + " keys are read");
    }
    String first = found.firstWord().toUpperCase(Locale.ROOT);
    if (!first.equals("SELECT") && !first.equals("WITH")) {
      throw new IllegalArgumentException(
          "a SELECT is expected, found a statement that begins with '" + found.firstWord() + "'");
    }
    return new KeysSql(found.pieces());
  }

  /** How many times the keys are needed. */
  int occurrences() {
    return pieces.size() - 1;
  }

  /**
   * As a table of a FROM clause, with question marks for the keys.
   *
   * @param columns of a key
   * @param keys how many
   */
  String asTable(int columns, int keys) {
    String one = String.join(",", Collections.nCopies(columns, "?"));
    String list = String.join(",", Collections.nCopies(keys, columns == 1 ? one : "(" + one + ")"));
    // A line of its own for the bracket, since the text may end with a comment.
    return "(" + String.join(list, pieces) + "\n) AS documents";
  }

  /**
   * By itself, for no key at all: it yields no row, but the same columns.
   *
   * @param columns of a key
   */
  String ofNoKey(int columns) {
    String none = String.join(",", Collections.nCopies(columns, "NULL"));
    return String.join(columns == 1 ? none : "(" + none + ")", pieces);
  }

  /** As it was written. */
  @Override
  public String toString() {
    return String.join(":" + KEYS, pieces);
  }
}
