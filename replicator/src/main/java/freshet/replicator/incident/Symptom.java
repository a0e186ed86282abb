package freshet.replicator.incident;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One cause as it looks at one moment.
 *
 * @param cause of it
 * @param presence whether it is there, or only not gone yet
 * @param failure its class, such as {@code HandshakeTimedOut}
 * @param what is wrong, with the numbers, without a full stop
 * @param affected cities or slaves by name; empty if it concerns all of them
 * @param limitAt when what is served becomes older than it may be, if nothing changes; in the past
 *     if it is; null if that is no question of age, or can't be told
 * @param advice what to do
 */
public record Symptom(
    Cause cause,
    Presence presence,
    String failure,
    String what,
    SortedSet<String> affected,
    @Nullable Instant limitAt,
    Advice advice) {
  private static final int NAMED = 5;
  private static final int SPREAD = 10;

  /** How clearly it is there. */
  public enum Presence {
    /** It is there. */
    CLEAR,
    /** It is there, and nobody need be told before the limit of the age is crossed. */
    LATENT,
    /** It keeps open what is open, and opens nothing: hysteresis. */
    FADING
  }

  /** Copies the names. */
  public Symptom {
    affected = Collections.unmodifiableSortedSet(new TreeSet<>(affected));
  }

  /** A clear one that concerns everything. */
  public static Symptom of(
      Cause cause, String failure, String what, @Nullable Instant limitAt, Advice advice) {
    return new Symptom(
        cause, Presence.CLEAR, failure, what, Collections.emptySortedSet(), limitAt, advice);
  }

  /** The same, that opens nothing. */
  public Symptom fading() {
    return new Symptom(cause, Presence.FADING, failure, what, affected, limitAt, advice);
  }

  /** The same, that is told only once the limit of the age is crossed. */
  public Symptom latent() {
    return new Symptom(cause, Presence.LATENT, failure, what, affected, limitAt, advice);
  }

  /** The same, of these cities or slaves. */
  public Symptom affecting(SortedSet<String> names) {
    return new Symptom(cause, presence, failure, what, names, limitAt, advice);
  }

  boolean isClear() {
    return presence != Presence.FADING;
  }

  boolean isLatent() {
    return presence == Presence.LATENT;
  }

  /**
   * Whether this one accounts for the other one: what concerns some cities or slaves accounts for
   * nothing that concerns all.
   */
  boolean explains(Symptom other) {
    return isClear()
        && cause.explains(other.cause)
        && (affected.isEmpty() || !other.affected.isEmpty());
  }

  /**
   * Whether somebody has to get up who did not have to before, or it is no longer the same matter.
   */
  boolean isWorseThan(Symptom told) {
    return cause.severity().compareTo(told.cause.severity()) < 0 || hasSpreadSince(told);
  }

  /** One failing city that is known must not hide that hundreds fail by now. */
  private boolean hasSpreadSince(Symptom told) {
    return !isLatent()
        && !told.affected.isEmpty()
        && (affected.isEmpty() || affected.size() >= SPREAD * told.affected.size());
  }

  /** Whether it says when all that is served becomes too old. */
  boolean tellsLimit() {
    return limitAt != null && affected.isEmpty();
  }

  /** Whether what is served is too old by now. */
  boolean isBeyondLimit(Instant now) {
    return limitAt != null && !limitAt.isAfter(now);
  }

  /** The first few names and how many others there are, such as {@code berlin, köln and 9 more}. */
  public static String some(SortedSet<String> names) {
    List<String> first = new ArrayList<>(names).subList(0, Math.min(NAMED, names.size()));
    String shown = String.join(", ", first);
    int more = names.size() - first.size();
    return more == 0 ? shown : "%s and %d more".formatted(shown, more);
  }
}
