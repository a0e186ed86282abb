package freshet.replicator.alert;

import freshet.replicator.alert.Alert.Event;
import freshet.replicator.freshness.ClockReading;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what one observation changes. Pure. */
public final class AlertRule {
  private final AlertKind kind;
  private final AlertOptions options;

  /** For one kind of fault. */
  public AlertRule(AlertKind kind, AlertOptions options) {
    this.kind = kind;
    this.options = options;
  }

  /**
   * What follows.
   *
   * @param next the state from now on
   * @param alert what is to be sent
   */
  public record Decision(AlertState next, Optional<Alert> alert) {}

  /** From this state and this observation. Durations are those of the monotonic clock. */
  public Decision decide(AlertState state, Observation seen) {
    Signal signal = Signal.of(kind, seen, options);
    ClockReading now = seen.at();
    return switch (state) {
      case AlertState.Quiet quiet ->
          signal instanceof Signal.Wrong wrong ? begun(now, wrong, seen) : stay(quiet);
      case AlertState.Pending pending ->
          switch (signal) {
            case Signal.Wrong wrong -> begun(pending.since(), wrong, seen);
            case Signal.Between between -> stay(pending);
            case Signal.Well well -> stay(new AlertState.Quiet());
          };
      case AlertState.Firing firing ->
          switch (signal) {
            case Signal.Wrong wrong -> lasting(firing, wrong, seen);
            case Signal.Between between ->
                stay(new AlertState.Firing(firing.since(), firing.sentAt(), null));
            case Signal.Well well -> ending(firing, seen);
          };
    };
  }

  private Decision begun(ClockReading since, Signal.Wrong wrong, Observation seen) {
    if (isShorter(since, seen.at(), options.pendingFor())) {
      return stay(new AlertState.Pending(since));
    }
    return send(
        new AlertState.Firing(since, seen.at(), null), Event.FIRING, wrong.what(), since, seen);
  }

  private Decision lasting(AlertState.Firing firing, Signal.Wrong wrong, Observation seen) {
    ClockReading since = firing.since();
    if (isShorter(firing.sentAt(), seen.at(), options.repeatEvery())) {
      return stay(new AlertState.Firing(since, firing.sentAt(), null));
    }
    return send(
        new AlertState.Firing(since, seen.at(), null),
        Event.STILL_FIRING,
        wrong.what(),
        since,
        seen);
  }

  private Decision ending(AlertState.Firing firing, Observation seen) {
    @Nullable ClockReading earlier = firing.wellSince();
    ClockReading wellSince = earlier == null ? seen.at() : earlier;
    if (isShorter(wellSince, seen.at(), options.clearFor())) {
      return stay(new AlertState.Firing(firing.since(), firing.sentAt(), wellSince));
    }
    return send(
        new AlertState.Quiet(),
        Event.RESOLVED,
        switch (kind) {
          case AGE_ABOVE_LIMIT -> "what is served is fresh again";
          case AGE_UNKNOWN -> "the age is known again";
          case PULL_REFUSED -> "snapshots are accepted again";
        },
        firing.since(),
        seen);
  }

  private Decision send(
      AlertState next, Event event, String what, ClockReading since, Observation seen) {
    return new Decision(
        next,
        Optional.of(
            new Alert(
                kind,
                event,
                seen.where(),
                what,
                seen.waitsFor(),
                since.wall(),
                seen.generation())));
  }

  private static Decision stay(AlertState state) {
    return new Decision(state, Optional.empty());
  }

  private static boolean isShorter(ClockReading since, ClockReading now, Duration limit) {
    return now.since(since).compareTo(limit) < 0;
  }
}
