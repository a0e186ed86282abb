package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.inspect.ColumnSample;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a column of letters holds: words to search, a word to filter by, a list of those. Pure. */
final class TextRule {
  /** What the values are. */
  enum Kind {
    /** Words of a language. */
    TEXT,
    /** One value, compared as it is. */
    KEYWORD,
    /** Several, separated by commas. */
    COMMA_LIST,
    /** Several, in an array of JSON. */
    JSON_LIST,
    /** An object of JSON: no value of an index. */
    JSON_OBJECT
  }

  private static final List<String> TEXT_NAMES =
      List.of(
          "title",
          "headline",
          "subject",
          "name",
          "body",
          "description",
          "content",
          "summary",
          "text",
          "abstract",
          "comment",
          "notes");
  private static final List<String> LIST_NAMES =
      List.of(
          "tags",
          "tag_list",
          "keywords",
          "labels",
          "features",
          "amenities",
          "categories",
          "skills");
  private static final Set<String> LONG_TYPES = Set.of("text", "mediumtext", "longtext");
  private static final Pattern JSON_ARRAY =
      Pattern.compile("(?s)\\s*\\[\\s*(?:[\"\\]\\d-]|null|true|false).*");
  private static final Pattern JSON_OBJECTS = Pattern.compile("(?s)\\s*(?:\\{|\\[\\s*[{\\[]).*");
  private static final Pattern WIDE = Pattern.compile("varchar\\(\\d{3,}\\).*");
  private static final double PHRASE = 1.5;
  private static final double SENTENCE = 3;
  private static final int LONG = 120;
  private static final int LONGEST_ITEM = 40;
  private static final int FAR_FEWER = 5;
  private static final Pattern TAG =
      Pattern.compile(
          "(?is).*</?(?:p|br|div|ul|ol|li|b|i|em|strong|span|a|h[1-6]|table)\\b[^<]*>.*");

  private TextRule() {}

  static Kind kind(String name, LiveColumn column, ColumnSample sample) {
    boolean isJson =
        column.baseType().equals("json")
            || column.declaration().toLowerCase(Locale.ROOT).contains("json_valid(");
    if (isJson || sample.all(value -> JSON_ARRAY.matcher(value).matches())) {
      return isJson && !sample.all(value -> JSON_ARRAY.matcher(value).matches())
          ? Kind.JSON_OBJECT
          : Kind.JSON_LIST;
    }
    if (sample.all(value -> JSON_OBJECTS.matcher(value).matches())) {
      return Kind.JSON_OBJECT;
    }
    if (isCommaList(name, sample)) {
      return Kind.COMMA_LIST;
    }
    return isText(name, column, sample) ? Kind.TEXT : Kind.KEYWORD;
  }

  /** Short items that come again, or a name that says so. */
  private static boolean isCommaList(String name, ColumnSample sample) {
    boolean isNamed = LIST_NAMES.contains(name);
    List<String> items =
        sample.values().stream()
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .map(String::strip)
            .toList();
    boolean isShort = items.stream().allMatch(item -> item.length() <= LONGEST_ITEM);
    boolean hasSeveral = items.size() > sample.values().size();
    if (sample.isEmpty() || !isShort) {
      return false;
    }
    boolean isDense = sample.all(value -> !value.contains(", "));
    // Prose has blanks behind its commas too, but few parts of it come again and again.
    boolean isRepeated =
        items.stream().distinct().count() <= items.size() / (isDense ? 2 : FAR_FEWER);
    return hasSeveral && (isNamed || isRepeated);
  }

  /** Whether half of the values have tags of HTML. */
  static boolean isHtml(ColumnSample sample) {
    long tagged = sample.values().stream().filter(value -> TAG.matcher(value).matches()).count();
    return tagged > 0 && 2 * tagged >= sample.values().size();
  }

  private static boolean isText(String name, LiveColumn column, ColumnSample sample) {
    if (TEXT_NAMES.stream().anyMatch(word -> name.equals(word) || name.endsWith("_" + word))) {
      return !name.endsWith("name") || !sample.isRepetitive();
    }
    boolean isLongType = LONG_TYPES.contains(column.baseType());
    if (sample.isEmpty()) {
      return isLongType;
    }
    if (sample.all(value -> value.strip().indexOf(' ') < 0)) {
      return false;
    }
    return isLongType
        || sample.longest() > LONG
        || (sample.averageWords() >= (isWide(column) ? PHRASE : SENTENCE)
            && !sample.isRepetitive());
  }

  /** Who declares so much room means a line of text, as a title is. */
  private static boolean isWide(LiveColumn column) {
    return WIDE.matcher(column.type()).matches();
  }
}
