package freshet.replicator.incident;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An incident, or what may become one: the one record behind messages, status and sinks.
 *
 * @param id never used twice by this node
 * @param phase where it stands
 * @param cause its name
 * @param stage the first that fails
 * @param severity of it
 * @param where which node tells
 * @param since when it began, by that node's clock
 * @param failure its class
 * @param what is wrong, with the numbers
 * @param affected cities or slaves; empty if it concerns all of them
 * @param limitAt when the limit of the age is or was crossed; null if that is no question
 * @param lastGood the generation that goes on being served; null if none
 * @param flaps how often it came back
 * @param nextCommand to run first
 * @param heading of docs/troubleshooting.md
 */
public record Incident(
    String id,
    Phase phase,
    String cause,
    Stage stage,
    Severity severity,
    String where,
    Instant since,
    String failure,
    String what,
    SortedSet<String> affected,
    @Nullable Instant limitAt,
    @Nullable String lastGood,
    int flaps,
    String nextCommand,
    String heading) {

  /** Where it stands. */
  public enum Phase {
    /** Nobody was told, since it may pass by itself. */
    PENDING,
    /** Somebody was told. */
    FIRING,
    /** It is over. */
    RESOLVED
  }

  /** Copies the names. */
  public Incident {
    affected = Collections.unmodifiableSortedSet(new TreeSet<>(affected));
  }

  static Incident of(
      Look look, Phase phase, Instant since, int flaps, Symptom symptom, @Nullable String good) {
    Cause cause = symptom.cause();
    return new Incident(
        "%s/%s/%s".formatted(look.where(), cause.name(), since),
        phase,
        cause.name(),
        cause.stage(),
        cause.severity(),
        look.where(),
        since,
        symptom.failure(),
        symptom.what(),
        symptom.affected(),
        symptom.limitAt(),
        good,
        flaps,
        symptom.advice().nextCommand(),
        symptom.advice().heading());
  }

  /** Whether it makes all that is served old, on every node that gets it from this one. */
  public boolean concernsEverything() {
    return affected.isEmpty() && Cause.makesOld(cause, severity);
  }

  /** Which one of which node, such as {@code master: poll-fails}. */
  public String reference() {
    return where + ": " + cause;
  }

  /** So often, in words. */
  public static String times(int count) {
    return count == 1 ? "once" : "%,d times".formatted(count);
  }

  /** Everything that helps, in one line, as of a moment. */
  String text(Instant now) {
    StringBuilder text = new StringBuilder();
    text.append("%s: %s; since %s".formatted(where, what, since));
    Instant limit = limitAt;
    if (limit != null) {
      text.append(
              limit.isAfter(now)
                  ? "; the age limit is crossed at "
                  : "; the age limit was crossed at ")
          .append(limit);
    }
    if (flaps > 0) {
      text.append("; it came back ").append(times(flaps));
    }
    text.append("; last good generation: ").append(lastGood == null ? "none" : lastGood);
    text.append("; next: ").append(nextCommand);
    text.append("; see docs/troubleshooting.md, \"").append(heading).append('"');
    return inOneLine(text.toString());
  }

  /** A city's name may hold a line's end, and would end a log's line by it. */
  static String inOneLine(String text) {
    return text.replaceAll("[\\s\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
  }
}
