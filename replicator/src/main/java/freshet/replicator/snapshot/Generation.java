package freshet.replicator.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a snapshot and its place in the order of all snapshots of a repository.
 *
 * @param epoch the fencing token of the master that published it, from 1
 * @param number within the repository, from 1, never used twice
 */
public record Generation(long epoch, long number) implements Comparable<Generation> {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})-([0-9]{10,18})");
  private static final Comparator<Generation> ORDER =
      Comparator.comparingLong(Generation::epoch).thenComparingLong(Generation::number);

  /** Checks the ranges. */
  public Generation {
    if (epoch < 1 || number < 1) {
      throw new IllegalArgumentException(
          "epoch and number of a generation start at 1, found %d and %d".formatted(epoch, number));
    }
  }

  /**
   * The generation whose {@link #toString()} this is.
   *
   * @throws IllegalArgumentException for any other text
   */
  @JsonCreator
  public static Generation parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a generation is written like 3-0000000421, not '" + text + "'");
    }
    return new Generation(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  /** The one after this in the same epoch. */
  public Generation next() {
    return new Generation(epoch, number + 1);
  }

  @Override
  public int compareTo(Generation other) {
    return ORDER.compare(this, other);
  }

  /** Whether this comes later than the other. */
  public boolean isAfter(Generation other) {
    return compareTo(other) > 0;
  }

  @JsonValue
  @Override
  public String toString() {
    return "%d-%010d".formatted(epoch, number);
  }
}
