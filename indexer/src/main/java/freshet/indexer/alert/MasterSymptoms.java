package freshet.indexer.alert;

import freshet.indexer.alert.MasterObservation.Behind;
import freshet.indexer.alert.MasterObservation.SlaveSeen;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.alert.PauseSymptoms;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.pause.Pause;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a master's observation says is wrong. Pure. */
public final class MasterSymptoms {
  private static final Cause NOTHING_FRESH =
      Cause.effect("nothing-fresh", Stage.PUBLISH, Severity.CRITICAL);
  private static final Cause NO_CHANGE =
      Cause.effect("no-change-read", Stage.POLL, Severity.WARNING);
  private static final Cause QUARANTINE =
      Cause.aside("quarantine-grows", Stage.POLL, Severity.WARNING);
  private static final Cause BEYOND_OVERLAP =
      Cause.aside("rows-beyond-overlap", Stage.POLL, Severity.WARNING);
  private static final Cause SLAVES_SILENT =
      Cause.aside("slaves-silent", Stage.PULL, Severity.CRITICAL);
  private static final Cause SLAVES_BEHIND =
      Cause.effect("slaves-behind", Stage.PULL, Severity.WARNING);

  /** Slaves report every five seconds. */
  static final Duration SILENCE = Duration.ofSeconds(30);

  private MasterSymptoms() {}

  /** Everything that is wrong. */
  public static List<Symptom> of(MasterObservation seen) {
    List<Symptom> symptoms = new ArrayList<>(CycleSymptoms.of(seen));
    symptoms.addAll(CitySymptoms.of(seen));
    paused(seen, symptoms);
    nothingFresh(seen, symptoms);
    noChange(seen, symptoms);
    rows(seen, symptoms);
    slaves(seen, symptoms);
    return symptoms;
  }

  private static void paused(MasterObservation seen, List<Symptom> symptoms) {
    PauseSymptoms told = new PauseSymptoms(Stage.POLL, "bin/indexer resume", seen.ageLimit());
    Pause whole = seen.pauses().whole();
    SortedMap<City, Pause> cities = seen.pauses().cities();
    if (whole != null) {
      symptoms.add(told.whole(whole, seen.age(), seen.limitAt()));
    } else if (!cities.isEmpty()) {
      // Since the cycle that left it behind, which may have been before it was paused.
      Instant since =
          cities.entrySet().stream()
              .map(
                  pause -> {
                    Behind behind = seen.cities().behind().get(pause.getKey());
                    return behind == null ? pause.getValue().at() : behind.since();
                  })
              .min(Comparator.naturalOrder())
              .orElseThrow();
      symptoms.add(told.cities(cities, since));
    }
  }

  /**
   * The catch-all: whatever the reason, nobody must be left without a word. It begins early, since
   * slaves ask what is pending here before they tell of their own age.
   */
  private static void nothingFresh(MasterObservation seen, List<Symptom> symptoms) {
    Duration age = seen.age();
    if (age == null || !seen.isNearLimit()) {
      return;
    }
    CycleReport newest = seen.cycles().newest();
    String why = newest == null || newest.whyNot() == null ? "" : ": " + newest.whyNot();
    symptoms.add(
        Symptom.of(
            NOTHING_FRESH,
            "AgeAboveLimit",
            "what is published is %s behind the database, the limit is %s%s"
                .formatted(Words.duration(age), Words.duration(seen.ageLimit()), why),
            null,
            new Advice("bin/indexer status", "What if nothing fresh is published?")));
  }

  private static void noChange(MasterObservation seen, List<Symptom> symptoms) {
    Duration expected = seen.expectChangeEvery();
    Instant last = seen.recent().lastChange();
    if (expected == null || last == null || !last.plus(expected).isBefore(seen.at())) {
      return;
    }
    symptoms.add(
        Symptom.of(
            NO_CHANGE,
            "NoChange",
            "no change was read since %s, one is expected every %s"
                .formatted(last, Words.duration(expected)),
            null,
            new Advice("bin/indexer doctor", "What if no change is read for long?")));
  }

  private static void rows(MasterObservation seen, List<Symptom> symptoms) {
    MasterObservation.Recent recent = seen.recent();
    if (recent.setAside() > 0) {
      symptoms.add(
          Symptom.of(
              QUARANTINE,
              "RowsSetAside",
              "%s set aside within the last hour, %,d in all"
                  .formatted(
                      Count.of(recent.setAside(), "row was", "rows were"), recent.setAsideInAll()),
              null,
              new Advice("bin/indexer quarantine list", "What if rows are set aside?")));
    }
    if (recent.beyondOverlap() > 0) {
      symptoms.add(
          Symptom.of(
              BEYOND_OVERLAP,
              "RowsBeyondOverlap",
              "%s committed later than source.overlap reaches; the sweep found them"
                  .formatted(
                      Count.of(
                          recent.beyondOverlap(),
                          "change of the last hour was",
                          "changes of the last hour were")),
              null,
              new Advice(
                  "bin/indexer status", "What if rows commit later than the overlap reaches?")));
    }
  }

  /**
   * A slave tells of itself, also of a master that it can't reach. What is told here is for one
   * whose word does not reach people, or did not help.
   */
  private static void slaves(MasterObservation seen, List<Symptom> symptoms) {
    Duration patience = seen.ageLimit().multipliedBy(2);
    Duration silence = patience.compareTo(SILENCE) > 0 ? patience : SILENCE;
    SortedSet<String> silent =
        names(
            seen,
            slave ->
                slave
                    .reportedAt()
                    .plus(slave.told() == null ? SILENCE : silence)
                    .isBefore(seen.at()));
    if (!silent.isEmpty()) {
      symptoms.add(
          Symptom.of(
                  SLAVES_SILENT,
                  "SlaveSilent",
                  "%d of %s did not report for %s or longer: %s"
                      .formatted(
                          silent.size(),
                          Count.of(seen.slaves().size(), "slave"),
                          Words.duration(SILENCE),
                          Symptom.some(silent)),
                  null,
                  new Advice("bin/replicator status --fleet", "What if a slave does not report?"))
              .affecting(silent));
    }
    SortedSet<String> behind =
        names(
            seen,
            slave ->
                !silent.contains(slave.name())
                    && slave.isMute()
                    && slave.age() != null
                    && slave.age().compareTo(patience) > 0);
    if (!behind.isEmpty()) {
      symptoms.add(
          Symptom.of(
                  SLAVES_BEHIND,
                  "SlaveBehind",
                  "%d of %s serve what is more than %s behind the database: %s"
                      .formatted(
                          behind.size(),
                          Count.of(seen.slaves().size(), "slave"),
                          Words.duration(patience),
                          Symptom.some(behind)),
                  null,
                  new Advice(
                      "bin/replicator status --fleet", "What if a slave's age is above its limit?"))
              .affecting(behind));
    }
  }

  private static SortedSet<String> names(MasterObservation seen, Predicate<SlaveSeen> claim) {
    return seen.slaves().stream()
        .filter(claim)
        .map(SlaveSeen::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
