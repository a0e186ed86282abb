package freshet.replicator.incident;

import freshet.replicator.incident.IncidentState.Firing;
import freshet.replicator.incident.IncidentState.Pending;
import freshet.replicator.incident.IncidentState.Resolved;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one look changes for one cause. Pure.
 *
 * <p>Flapping: what comes back within the flap window, be it before or after its end was told, must
 * be well for that whole window before the end is told. So at most two incidents of one cause begin
 * within any flap window.
 *
 * @param options when somebody is told
 * @param isLimitTold whether somebody was told already that the limit of the age is crossed, or
 *     when it will be: then what comes on top of it may wait, and is often gone with it
 */
record IncidentRule(IncidentOptions options, boolean isLimitTold) {
  private static final Duration DAY = Duration.ofDays(1);

  /** Why something is told. */
  enum Tell {
    NOTHING,
    BEGIN,
    REMINDER,
    END
  }

  /**
   * What follows.
   *
   * @param next the state from now on; null if there is nothing to remember
   * @param tell what is to be told
   */
  record Decision(@Nullable IncidentState next, Tell tell) {}

  /** From this state, with this symptom; null stands for none. */
  Decision decide(
      @Nullable IncidentState state,
      @Nullable Symptom symptom,
      Instant now,
      @Nullable String lastGood) {
    if (state == null) {
      return unopened(null, null, symptom, now, lastGood);
    }
    return switch (state) {
      case Pending pending -> unopened(pending, pending.before(), symptom, now, lastGood);
      case Resolved resolved -> unopened(null, resolved, symptom, now, lastGood);
      case Firing firing ->
          symptom == null ? gone(firing, now) : there(firing, symptom, now, lastGood);
    };
  }

  private Decision unopened(
      @Nullable Pending pending,
      @Nullable Resolved last,
      @Nullable Symptom symptom,
      Instant now,
      @Nullable String lastGood) {
    Resolved before = last != null && isShorter(last.at(), now, options.flapWindow()) ? last : null;
    if (symptom == null) {
      return stay(before);
    }
    if (!symptom.isClear()) {
      return stay(pending == null ? before : pending);
    }
    Instant since = pending == null ? now : pending.since();
    boolean isBeyondLimit = symptom.isBeyondLimit(now);
    boolean mayWait =
        isShorter(since, now, options.pendingFor()) || (symptom.isLatent() && !isBeyondLimit);
    boolean isUrgent = isBeyondLimit && !isLimitTold;
    if (mayWait && !isUrgent) {
      return stay(new Pending(since, before));
    }
    Firing firing =
        before == null
            ? new Firing(since, now, null, null, 0, symptom, lastGood)
            : new Firing(since, now, null, now, before.flaps() + 1, symptom, lastGood);
    return new Decision(firing, Tell.BEGIN);
  }

  private Decision there(Firing firing, Symptom symptom, Instant now, @Nullable String lastGood) {
    boolean returns = firing.wellSince() != null && symptom.isClear();
    boolean reminds =
        symptom.isClear()
            && (symptom.isWorseThan(firing.told())
                || !isShorter(firing.sentAt(), now, repeatEvery(symptom.cause())));
    return new Decision(
        new Firing(
            firing.since(),
            reminds ? now : firing.sentAt(),
            null,
            returns ? now : firing.returnedAt(),
            firing.flaps() + (returns ? 1 : 0),
            reminds ? symptom : firing.told(),
            reminds ? lastGood : firing.lastGood()),
        reminds ? Tell.REMINDER : Tell.NOTHING);
  }

  /** What may last for weeks and makes nothing old is told once a day. */
  private Duration repeatEvery(Cause cause) {
    Duration every = options.repeatEvery();
    boolean hasTime = cause.kind() == Cause.Kind.ASIDE && cause.severity() == Severity.WARNING;
    return hasTime && every.compareTo(DAY) < 0 ? DAY : every;
  }

  private Decision gone(Firing firing, Instant now) {
    Instant earlier = firing.wellSince();
    Instant wellSince = earlier == null ? now : earlier;
    Instant returned = firing.returnedAt();
    boolean flaps = returned != null && isShorter(returned, wellSince, options.flapWindow());
    if (isShorter(wellSince, now, flaps ? options.flapWindow() : options.clearFor())) {
      return stay(
          new Firing(
              firing.since(),
              firing.sentAt(),
              wellSince,
              returned,
              firing.flaps(),
              firing.told(),
              firing.lastGood()));
    }
    return new Decision(new Resolved(now, firing.flaps()), Tell.END);
  }

  private static Decision stay(@Nullable IncidentState state) {
    return new Decision(state, Tell.NOTHING);
  }

  private static boolean isShorter(Instant since, Instant now, Duration limit) {
    return Duration.between(since, now).compareTo(limit) < 0;
  }
}
