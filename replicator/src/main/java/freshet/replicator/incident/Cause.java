package freshet.replicator.incident;

import java.util.regex.Pattern;

/**
 * Why something is wrong: the identity of an incident. It names no city, slave or number, so that
 * however many of them it concerns, it is one.
 *
 * @param name for machines: lower-case words with hyphens, such as {@code poll-fails}
 * @param stage the first that fails
 * @param severity of it
 * @param kind what it has to do with others
 */
public record Cause(String name, Stage stage, Severity severity, Kind kind) {
  private static final String PAUSED = "paused";
  private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*");

  /** What a cause has to do with others. */
  public enum Kind {
    /** What is served grows old by it: it explains effects. */
    REASON,
    /** It may be no more than a consequence: a reason of this or an earlier stage explains it. */
    EFFECT,
    /** It makes nothing old: it neither explains nor is explained. */
    ASIDE
  }

  /** Refuses names that no label or file could hold. */
  public Cause {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a cause is named by lower-case words with hyphens, found '" + name + "'");
    }
  }

  /** A cause that explains others. */
  public static Cause of(String name, Stage stage, Severity severity) {
    return new Cause(name, stage, severity, Kind.REASON);
  }

  /** A cause that others may explain. */
  public static Cause effect(String name, Stage stage, Severity severity) {
    return new Cause(name, stage, severity, Kind.EFFECT);
  }

  /** A cause that has nothing to do with the age of what is served. */
  public static Cause aside(String name, Stage stage, Severity severity) {
    return new Cause(name, stage, severity, Kind.ASIDE);
  }

  /**
   * That a person has paused something: a warning, since somebody knows and it ends by itself, and
   * yet the reason of what it makes old.
   */
  public static Cause paused(Stage stage) {
    return new Cause(PAUSED, stage, Severity.WARNING, Kind.REASON);
  }

  /** Whether such a cause, where it concerns everything, makes all that is served old. */
  static boolean makesOld(String name, Severity severity) {
    return severity == Severity.CRITICAL || name.equals(PAUSED);
  }

  /** Whether this one accounts for the other one. */
  boolean explains(Cause other) {
    return kind == Kind.REASON && other.kind == Kind.EFFECT && stage.compareTo(other.stage) <= 0;
  }
}
