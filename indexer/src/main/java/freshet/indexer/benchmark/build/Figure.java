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
record Figure(
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
  record Target(Kind kind, double bound) {
    static Target atMost(double bound) {
      return new Target(Kind.VALUE_AT_MOST, bound);
    }

    static Target ratioAtLeast(double bound) {
      return new Target(Kind.RATIO_AT_LEAST, bound);
    }
  }

  /** What a target bounds. */
  enum Kind {
    /** The value. */
    VALUE_AT_MOST,
    /** The ratio to the peer, which has to be there. */
    RATIO_AT_LEAST
  }

  /** Whether the target was reached. */
  enum Verdict {
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
  Verdict verdict() {
    Target wanted = target;
    if (wanted == null) {
      return Verdict.REPORTED;
    }
    return switch (wanted.kind()) {
      case VALUE_AT_MOST -> value <= wanted.bound() ? Verdict.REACHED : Verdict.MISSED;
      case RATIO_AT_LEAST -> {
        Double found = ratio;
        if (found == null) {
          yield Verdict.NOT_COMPARED;
        }
        yield found >= wanted.bound() ? Verdict.REACHED : Verdict.MISSED;
      }
    };
  }

  String text() {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%-26s %12s %-9s", name, number(value), unit));
    line.append(
        peer == null || ratio == null
            ? " ".repeat(31)
            : String.format(Locale.ROOT, "peer %10s, ratio %7s ", number(peer), number(ratio)));
    Target wanted = target;
    if (wanted != null) {
      String bound =
          switch (wanted.kind()) {
            case VALUE_AT_MOST -> "at most " + number(wanted.bound());
            case RATIO_AT_LEAST -> "ratio at least " + number(wanted.bound());
          };
      String verdict = verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      line.append(String.format(Locale.ROOT, "%-19s %-12s ", bound, verdict));
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
