package freshet.replicator.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Stands for the identity of a repository, drawn at random when it is made.
 *
 * @param value 16 lower-case hexadecimal digits
 */
public record RepositoryId(@JsonValue String value) implements Comparable<RepositoryId> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

  /** Checks the form. */
  @JsonCreator
  public RepositoryId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "expected 16 lower-case hexadecimal digits, found '" + value + "'");
    }
  }

  /** A new one. */
  public static RepositoryId random(RandomGenerator random) {
    return new RepositoryId(HexFormat.of().toHexDigits(random.nextLong()));
  }

  @Override
  public int compareTo(RepositoryId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
