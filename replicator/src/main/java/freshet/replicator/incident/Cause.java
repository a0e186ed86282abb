package freshet.replicator.incident;

import java.util.regex.Pattern;

/**
 * Why something is wrong: the identity of an incident. It names no city, slave or number, so that
 * however many of them it concerns, it is one.
 *
 * @param name for machines: lower-case words with hyphens, such as {@code poll-fails}
 * @param stage the first that fails
 * @param severity of it
 * @param isEffect whether it may be no more than a consequence: another cause of this or an earlier
 *     stage then explains it
 */
public record Cause(String name, Stage stage, Severity severity, boolean isEffect) {
  private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*");

  /** Refuses names that no label or file could hold. */
  public Cause {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a cause is named by lower-case words with hyphens, found '" + name + "'");
    }
  }

  /** A cause that explains others. */
  public static Cause of(String name, Stage stage, Severity severity) {
    return new Cause(name, stage, severity, false);
  }

  /** A cause that others may explain. */
  public static Cause effect(String name, Stage stage, Severity severity) {
    return new Cause(name, stage, severity, true);
  }

  /** Whether this one accounts for the other one. */
  boolean explains(Cause other) {
    return other.isEffect && !isEffect && stage.compareTo(other.stage) <= 0;
  }
}
