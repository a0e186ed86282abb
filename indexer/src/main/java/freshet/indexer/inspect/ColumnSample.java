package freshet.indexer.inspect;

import freshet.indexer.check.Sample;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Some values of a column.
 *
 * @param values without NULLs and empty ones, each cut off after {@link Sample#LONGEST} characters
 * @param averageBytes of all values in full, NULLs as none
 */
public record ColumnSample(List<String> values, double averageBytes) {
  /** Of a column of which nothing is known. */
  public static final ColumnSample NONE = new ColumnSample(List.of(), 0);

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** Copies the list. */
  public ColumnSample {
    values = List.copyOf(values);
  }

  /** Whether there is no value. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** How many values differ. */
  public int distinct() {
    return new HashSet<>(values).size();
  }

  /** Whether values come again and again, as those of a list to choose from do. */
  public boolean isRepetitive() {
    return values.size() >= 20 && distinct() <= values.size() / 5;
  }

  /** Words of a value, between blanks. */
  public double averageWords() {
    return values.stream()
        .mapToInt(value -> BLANKS.split(value.strip()).length)
        .average()
        .orElse(0);
  }

  /** Characters of the longest value, as far as it was read. */
  public int longest() {
    return values.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Whether it holds for all values, and there is one. */
  public boolean all(Predicate<String> predicate) {
    return !values.isEmpty() && values.stream().allMatch(predicate);
  }

  /** Whether a value is this word, however it is written. */
  public boolean contains(String word) {
    return values.stream().anyMatch(value -> value.toLowerCase(Locale.ROOT).equals(word));
  }
}
