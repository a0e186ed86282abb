package freshet.indexer.benchmark.build;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure.
 *
 * @param name the measurement, and what of it
 * @param what in words
 * @param value the median
 * @param unit of the value
 * @param peer the peer's median in the same unit; null if there is none
 * @param ratio of the value to the peer's, the median over pairs of runs; null without a peer
 * @param target what is to be reached; null if the figure is only reported
 */
public record Figure(
    String name,
    String what,
    double value,
    String unit,
    @Nullable Double peer,
    @Nullable Double ratio,
    @Nullable Target target) {

  /**
   * A bound.
   *
   * @param kind of what, and on which side
   * @param bound the last value that is good
   */
  public record Target(Kind kind, double bound) {
    /** Of the value. */
    public static Target atMost(double bound) {
      return new Target(Kind.VALUE_AT_MOST, bound);
    }

    /** Of the value. */
    public static Target atLeast(double bound) {
      return new Target(Kind.VALUE_AT_LEAST, bound);
    }

    /** Of the ratio to the peer. */
    public static Target ratioAtLeast(double bound) {
      return new Target(Kind.RATIO_AT_LEAST, bound);
    }

    /** Of the ratio to the peer. */
    public static Target ratioAtMost(double bound) {
      return new Target(Kind.RATIO_AT_MOST, bound);
    }

    private String text() {
      return kind.words + " " + number(bound);
    }
  }

  /** What a target bounds. */
  public enum Kind {
    /** The value. */
    VALUE_AT_MOST("at most"),
    /** The value. */
    VALUE_AT_LEAST("at least"),
    /** The ratio to the peer, which has to be there. */
    RATIO_AT_LEAST("ratio at least"),
    /** The ratio to the peer, which has to be there. */
    RATIO_AT_MOST("ratio at most");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** Whether the target was reached. */
  public enum Verdict {
    /** It was. */
    REACHED,
    /** It was not. */
    MISSED,
    /** There was no peer to compare with. */
    NOT_COMPARED,
    /** There is no target. */
    REPORTED
  }

  @JsonProperty
  public Verdict verdict() {
    Target wanted = target;
    if (wanted == null) {
      return Verdict.REPORTED;
    }
    return switch (wanted.kind()) {
      case VALUE_AT_MOST -> of(value <= wanted.bound());
      case VALUE_AT_LEAST -> of(value >= wanted.bound());
      case RATIO_AT_LEAST -> ratio == null ? Verdict.NOT_COMPARED : of(ratio >= wanted.bound());
      case RATIO_AT_MOST -> ratio == null ? Verdict.NOT_COMPARED : of(ratio <= wanted.bound());
    };
  }

  private static Verdict of(boolean isReached) {
    return isReached ? Verdict.REACHED : Verdict.MISSED;
  }

  /** One line for people. */
  public String text() {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%-26s %12s %-9s", name, number(value), unit));
    line.append(
        peer == null || ratio == null
            ? " ".repeat(31)
            : String.format(Locale.ROOT, "peer %10s, ratio %7s ", number(peer), number(ratio)));
    Target wanted = target;
    if (wanted != null) {
      String verdict = verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      line.append(String.format(Locale.ROOT, "%-19s %-12s ", wanted.text(), verdict));
    } else {
      line.append(" ".repeat(33));
    }
    return line.append(what).toString();
  }

  private static String number(double value) {
    if (value >= 1_000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.3f", value);
  }
}
