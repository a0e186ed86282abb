package freshet.indexer.inspect;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Some values of a column.
 *
 * @param values without NULLs and empty ones, each cut off after {@link #LONGEST} characters
 * @param averageBytes of all values in full, NULLs as none
 */
record ColumnSample(List<String> values, double averageBytes) {
  /** Where values are cut off. */
  static final int LONGEST = 300;

  /** Of a column of which nothing is known. */
  static final ColumnSample NONE = new ColumnSample(List.of(), 0);

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  ColumnSample {
    values = List.copyOf(values);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  int distinct() {
    return new HashSet<>(values).size();
  }

  /** Whether values come again and again, as those of a list to choose from do. */
  boolean isRepetitive() {
    return values.size() >= 20 && distinct() <= values.size() / 5;
  }

  double averageWords() {
    return values.stream()
        .mapToInt(value -> BLANKS.split(value.strip()).length)
        .average()
        .orElse(0);
  }

  int longest() {
    return values.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Whether it holds for all values, and there is one. */
  boolean all(Predicate<String> predicate) {
    return !values.isEmpty() && values.stream().allMatch(predicate);
  }

  boolean contains(String word) {
    return values.stream().anyMatch(value -> value.toLowerCase(Locale.ROOT).equals(word));
  }
}
