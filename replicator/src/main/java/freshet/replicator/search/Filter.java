package freshet.replicator.search;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A condition on one field, which restricts hits and does not score. */
public sealed interface Filter {

  /** By the name of the schema, or {@code _id}. */
  String field();

  /**
   * The field has this value, among others; a text field has all its words.
   *
   * @param field see {@link Filter#field()}
   * @param value as text
   */
  record Equals(String field, String value) implements Filter {}

  /**
   * The field has a value in this range.
   *
   * @param field see {@link Filter#field()}
   * @param lower as text, null for no bound
   * @param upper as text, null for no bound
   * @param includesLower whether the lower bound itself is in the range
   * @param includesUpper whether the upper bound itself is in the range
   */
  record Range(
      String field,
      @Nullable String lower,
      @Nullable String upper,
      boolean includesLower,
      boolean includesUpper)
      implements Filter {}

  /**
   * Reads {@code field:value}, {@code field:"a value"}, {@code field:[a TO b]}, {@code field:{a TO
   * b}}, where {@code *} is no bound.
   */
  static Filter parse(String text) throws SearchException.BadRequest {
    int colon = text.indexOf(':');
    String field = colon < 0 ? "" : text.substring(0, colon).strip();
    String value = text.substring(colon + 1).strip();
    if (field.isEmpty() || value.isEmpty()) {
      throw bad(text);
    }
    Matcher range = Syntax.RANGE.matcher(value);
    if (range.matches()) {
      return new Range(
          field,
          bound(range.group(2)),
          bound(range.group(3)),
          range.group(1).equals("["),
          range.group(4).equals("]"));
    }
    if (value.startsWith("[") || value.startsWith("{")) {
      throw bad(text);
    }
    return new Equals(field, unquote(value));
  }

  private static @Nullable String bound(String text) {
    return text.equals("*") ? null : unquote(text);
  }

  private static String unquote(String text) {
    boolean isQuoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return isQuoted ? text.substring(1, text.length() - 1) : text;
  }

  private static SearchException.BadRequest bad(String text) {
    return new SearchException.BadRequest(
        "filter", text, "field:value, field:[low TO high] or field:{low TO *}");
  }

  /** The form of a range. */
  final class Syntax {
    private static final Pattern RANGE =
        Pattern.compile("([\\[{])\\s*(\"[^\"]*\"|\\S+)\\s+TO\\s+(\"[^\"]*\"|\\S+?)\\s*([\\]}])");

    private Syntax() {}
  }
}
