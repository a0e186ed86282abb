package freshet.indexer.alert;

import freshet.indexer.alert.MasterObservation.Behind;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.snapshot.City;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Cities that do not go along with the others: what is wrong with them. Pure. */
final class CitySymptoms {
  private static final Cause FAIL = Cause.of("cities-fail", Stage.BUILD, Severity.CRITICAL);
  private static final Cause HELD = Cause.of("cities-held", Stage.PUBLISH, Severity.CRITICAL);
  private static final Cause BEHIND =
      Cause.effect("cities-behind", Stage.PUBLISH, Severity.CRITICAL);

  private static final String STATUS = "bin/indexer status";
  private static final Advice FAILING = new Advice(STATUS, "What if a city fails?");
  private static final Advice HOLDING =
      new Advice("bin/replicator snapshots list", "What if a city is held?");
  private static final Advice LATE = new Advice(STATUS, "What if a city stays behind?");

  private CitySymptoms() {}

  /** A city is told of once: as failing, else as held, else as one that stays behind. */
  static List<Symptom> of(MasterObservation seen) {
    Set<City> paused = seen.pauses().cities().keySet();
    SortedMap<City, String> failing = new TreeMap<>(seen.cities().failing());
    // While nobody tries, nobody knows whether it could be built.
    failing.keySet().removeAll(paused);
    SortedMap<City, String> held = new TreeMap<>(seen.cities().held());
    held.keySet().removeAll(failing.keySet());
    SortedMap<City, String> late = new TreeMap<>();
    seen.cities()
        .behind()
        .forEach(
            (city, behind) -> {
              if (limitAt(seen, behind).isBefore(seen.at())) {
                late.put(city, "since %s: %s".formatted(behind.since(), behind.reason()));
              }
            });
    late.keySet().removeAll(failing.keySet());
    late.keySet().removeAll(held.keySet());
    late.keySet().removeAll(paused);
    List<Symptom> symptoms = new ArrayList<>();
    add(symptoms, symptom(seen, FAIL, "CityFailed", "can't apply changes", failing, FAILING));
    Symptom holds = symptom(seen, HELD, "CityHeld", "stay as they are published", held, HOLDING);
    // Where all are held as one, that one is told.
    add(symptoms, holds != null && isHeldWhole(seen) ? holds.fading() : holds);
    add(symptoms, symptom(seen, BEHIND, "CityBehind", "stay behind the others", late, LATE));
    return symptoms;
  }

  private static boolean isHeldWhole(MasterObservation seen) {
    CycleReport newest = seen.cycles().newest();
    return newest != null && newest.outcome() instanceof CycleOutcome.Held;
  }

  private static void add(List<Symptom> symptoms, @Nullable Symptom symptom) {
    if (symptom != null) {
      symptoms.add(symptom);
    }
  }

  /** Names some of them, and the reason of the first; null without cities. */
  private static @Nullable Symptom symptom(
      MasterObservation seen,
      Cause cause,
      String failure,
      String what,
      SortedMap<City, String> reasons,
      Advice advice) {
    if (reasons.isEmpty()) {
      return null;
    }
    SortedSet<String> names = new TreeSet<>();
    reasons.keySet().forEach(city -> names.add(city.toString()));
    String reason = reasons.values().iterator().next().replaceAll("\\s+", " ");
    return Symptom.of(
            cause,
            failure,
            "%s: %s (%d of them; the first: %s)"
                .formatted(Symptom.some(names), what, names.size(), reason),
            firstLimitAt(seen, reasons.keySet()),
            advice)
        .affecting(names);
  }

  /** When the first of them becomes too old, or did; null if none is known to be behind yet. */
  private static @Nullable Instant firstLimitAt(MasterObservation seen, Set<City> cities) {
    return seen.cities().behind().entrySet().stream()
        .filter(each -> cities.contains(each.getKey()))
        .map(each -> limitAt(seen, each.getValue()))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static Instant limitAt(MasterObservation seen, Behind behind) {
    return behind.since().plus(seen.ageLimit());
  }
}
