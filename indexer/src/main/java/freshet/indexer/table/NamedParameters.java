package freshet.indexer.table;

import java.util.ArrayList;
import java.util.List;

/**
 * The named parameters of a statement: a colon and a name, outside of quotes, backticks and
 * comments.
 *
 * @param names in order, as often as they occur
 * @param pieces the text before, between and after them
 * @param firstWord of the statement, after comments and brackets; empty if there is none
 */
record NamedParameters(List<String> names, List<String> pieces, String firstWord) {

  /**
   * Finds them.
   *
   * @throws IllegalArgumentException if it is not one whole statement, or has other parameters
   */
  static NamedParameters scan(String sql) {
    return new Scanner(sql).scan();
  }

  private static final class Scanner {
    private final String sql;
    private final List<String> names = new ArrayList<>();
    private final List<String> pieces = new ArrayList<>();
    private String firstWord = "";
    private int pieceStart;
    private int at;

    Scanner(String sql) {
      this.sql = sql;
    }

    NamedParameters scan() {
      while (at < sql.length()) {
        char c = sql.charAt(at);
        if (c == '\'' || c == '"' || c == '`') {
          skipQuoted(c);
        } else if (isCommentStart()) {
          skipComment();
        } else if (c == ';') {
          throw afterSemicolon();
        } else if (c == '?') {
          throw new IllegalArgumentException(
              "there is a '?' at %s; parameters have names here: write :keys".formatted(place(at)));
        } else if (c == ':' && isNameStart(at + 1)) {
          pieces.add(sql.substring(pieceStart, at));
          at++;
          names.add(word());
          pieceStart = at;
        } else if (isNameStart(at)) {
          String word = word();
          firstWord = firstWord.isEmpty() ? word : firstWord;
        } else {
          at++;
        }
      }
      pieces.add(sql.substring(pieceStart));
      return new NamedParameters(names, pieces, firstWord);
    }

    /** A quote ends it, unless it is doubled or, in a string, follows a backslash. */
    private void skipQuoted(char quote) {
      int start = at++;
      while (at < sql.length()) {
        char c = sql.charAt(at);
        if (c == '\\' && quote != '`') {
          at += 2;
        } else if (c != quote) {
          at++;
        } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
          at += 2;
        } else {
          at++;
          return;
        }
      }
      throw new IllegalArgumentException(
          "the quote %s at %s is never closed".formatted(quote, place(start)));
    }

    private boolean isCommentStart() {
      return sql.startsWith("/*", at)
          || sql.charAt(at) == '#'
          || (sql.startsWith("--", at)
              && (at + 2 == sql.length() || Character.isWhitespace(sql.charAt(at + 2))));
    }

    private void skipComment() {
      boolean isLine = !sql.startsWith("/*", at);
      int end = isLine ? sql.indexOf('\n', at) : sql.indexOf("*/", at + 2);
      if (end >= 0) {
        at = end + (isLine ? 1 : 2);
      } else if (isLine) {
        at = sql.length();
      } else {
        throw new IllegalArgumentException(
            "the comment at %s is never closed".formatted(place(at)));
      }
    }

    private IllegalArgumentException afterSemicolon() {
      int semicolon = at++;
      while (at < sql.length() && (Character.isWhitespace(sql.charAt(at)) || isCommentStart())) {
        if (isCommentStart()) {
          skipComment();
        } else {
          at++;
        }
      }
      return new IllegalArgumentException(
          at == sql.length()
              ? "it ends with a semicolon, at %s: remove it".formatted(place(semicolon))
              : "there are several statements, the first ends at %s: one SELECT is expected"
                  .formatted(place(semicolon)));
    }

    private boolean isNameStart(int index) {
      return index < sql.length()
          && (Character.isLetter(sql.charAt(index)) || sql.charAt(index) == '_');
    }

    private String word() {
      int start = at;
      while (at < sql.length()
          && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
        at++;
      }
      return sql.substring(start, at);
    }

    private String place(int index) {
      String before = sql.substring(0, index);
      long line = 1 + before.chars().filter(c -> c == '\n').count();
      return "line %d, column %d".formatted(line, index - before.lastIndexOf('\n'));
    }
  }
}
