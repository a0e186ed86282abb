package freshet.replicator.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Stands for one unbroken history of a city's index: within it, a file name has one content for
 * ever. A new one begins whenever a working index is not the direct continuation of what was
 * published.
 *
 * @param value 16 lower-case hexadecimal digits
 */
public record Incarnation(@JsonValue String value) implements Comparable<Incarnation> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

  /** Checks the form. */
  @JsonCreator
  public Incarnation {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "expected 16 lower-case hexadecimal digits, found '" + value + "'");
    }
  }

  /** A new one. */
  public static Incarnation random(RandomGenerator random) {
    return new Incarnation(HexFormat.of().toHexDigits(random.nextLong()));
  }

  @Override
  public int compareTo(Incarnation other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
