package freshet.replicator.incident;

import freshet.replicator.incident.Incident.Phase;
import freshet.replicator.incident.IncidentState.Firing;
import freshet.replicator.incident.IncidentState.Pending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where all causes stand: the whole memory of the alerts, immutable. It survives a restart as JSON.
 *
 * @param states by the name of the cause
 */
public record IncidentBook(SortedMap<String, IncidentState> states) {
  /** Everything has been well for long. */
  public static final IncidentBook EMPTY = new IncidentBook(Collections.emptySortedMap());

  /** Copies the map. */
  public IncidentBook {
    states = Collections.unmodifiableSortedMap(new TreeMap<>(states));
  }

  /**
   * What one look leads to.
   *
   * @param book from now on
   * @param notices what is to be told, by causes' names
   * @param incidents that are pending or firing, as they look now; first failing stages first
   */
  public record Step(IncidentBook book, List<Notice> notices, List<Incident> incidents) {
    /** Copies the lists. */
    public Step {
      notices = List.copyOf(notices);
      incidents = List.copyOf(incidents);
    }
  }

  /**
   * The same after the clock was set, so that nothing seems to have lasted for longer, or for less.
   *
   * @param step ahead; negative for back
   */
  public IncidentBook stepped(Duration step) {
    return by(moment -> moment.plus(step));
  }

  /** The same by a clock that has been set back: what it says is to come happened just now. */
  public IncidentBook notAfter(Instant now) {
    return by(moment -> moment.isAfter(now) ? now : moment);
  }

  private IncidentBook by(UnaryOperator<Instant> clock) {
    SortedMap<String, IncidentState> next = new TreeMap<>();
    states.forEach((cause, state) -> next.put(cause, state.by(clock)));
    return new IncidentBook(next);
  }

  /** Takes a look into account. */
  public Step after(Look look, IncidentOptions options) {
    IncidentRule rule = new IncidentRule(options, isLimitTold());
    Map<String, Symptom> symptoms =
        look.symptoms().stream()
            .map(symptom -> isExplained(symptom, look) ? symptom.fading() : symptom)
            .collect(Collectors.toMap(symptom -> symptom.cause().name(), Function.identity()));
    TreeSet<String> causes = new TreeSet<>(states.keySet());
    causes.addAll(symptoms.keySet());
    SortedMap<String, IncidentState> next = new TreeMap<>();
    List<Notice> notices = new ArrayList<>();
    List<Incident> incidents = new ArrayList<>();
    for (String cause : causes) {
      Symptom symptom = symptoms.get(cause);
      IncidentState before = states.get(cause);
      boolean isUnknown = symptom == null && before instanceof Firing && !look.isComplete();
      IncidentRule.Decision decision =
          isUnknown
              ? new IncidentRule.Decision(before, IncidentRule.Tell.NOTHING)
              : rule.decide(before, symptom, look.at(), look.lastGood());
      IncidentState after = decision.next();
      if (after != null) {
        next.put(cause, after);
      }
      if (after instanceof Firing firing) {
        Incident incident = incident(look, Phase.FIRING, firing, symptom);
        incidents.add(incident);
        notice(decision.tell(), look, incident).ifPresent(notices::add);
      } else if (before instanceof Firing ended) {
        Incident incident = incident(look, Phase.RESOLVED, ended, null);
        notice(decision.tell(), look, incident).ifPresent(notices::add);
      } else if (after instanceof Pending pending && symptom != null && symptom.isClear()) {
        incidents.add(
            Incident.of(look, Phase.PENDING, pending.since(), 0, symptom, look.lastGood()));
      }
    }
    incidents.sort(Comparator.comparing(Incident::stage));
    return new Step(new IncidentBook(next), notices, incidents);
  }

  /** Whether a cause of an earlier stage, which is there or not over for long, accounts for it. */
  private boolean isExplained(Symptom symptom, Look look) {
    return (symptom.cause().kind() == Cause.Kind.EFFECT && look.explainedBy() != null)
        || look.symptoms().stream().anyMatch(other -> other.explains(symptom))
        || states.values().stream()
            .anyMatch(state -> state instanceof Firing firing && firing.told().explains(symptom));
  }

  private boolean isLimitTold() {
    return states.values().stream()
        .anyMatch(state -> state instanceof Firing firing && firing.told().tellsLimit());
  }

  private static Incident incident(
      Look look, Phase phase, Firing firing, @Nullable Symptom symptom) {
    return symptom == null
        ? Incident.of(look, phase, firing.since(), firing.flaps(), firing.told(), firing.lastGood())
        : Incident.of(look, phase, firing.since(), firing.flaps(), symptom, look.lastGood());
  }

  private static Optional<Notice> notice(IncidentRule.Tell tell, Look look, Incident incident) {
    return switch (tell) {
      case NOTHING -> Optional.empty();
      case BEGIN -> Optional.of(new Notice(Notice.Event.FIRING, look.at(), incident));
      case REMINDER -> Optional.of(new Notice(Notice.Event.STILL_FIRING, look.at(), incident));
      case END -> Optional.of(new Notice(Notice.Event.RESOLVED, look.at(), incident));
    };
  }
}
