package freshet.indexer.alert;

import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.source.PollReport;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.publish.PublishException;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the newest cycle says is wrong, and the poll that is under way. Pure. */
final class CycleSymptoms {
  private static final Cause POLL = Cause.of("poll-fails", Stage.POLL, Severity.CRITICAL);
  private static final Cause LAG = Cause.of("replica-lags", Stage.REPLICATION, Severity.CRITICAL);
  private static final Cause BUILD = Cause.of("build-fails", Stage.BUILD, Severity.CRITICAL);
  private static final Cause PUBLISH = Cause.of("publish-fails", Stage.PUBLISH, Severity.CRITICAL);
  private static final Cause FENCED = Cause.of("master-fenced", Stage.PUBLISH, Severity.CRITICAL);
  private static final Cause HELD = Cause.of("snapshot-held", Stage.PUBLISH, Severity.CRITICAL);
  private static final Cause CITIES_FAIL = Cause.of("cities-fail", Stage.BUILD, Severity.CRITICAL);
  private static final Cause CITIES_HELD =
      Cause.of("cities-held", Stage.PUBLISH, Severity.CRITICAL);

  private static final Cause CITIES_BEHIND =
      Cause.effect("cities-behind", Stage.PUBLISH, Severity.CRITICAL);

  private static final String STATUS = "bin/indexer status";
  private static final String DOCTOR = "bin/indexer doctor";
  private static final String HOLDS = "bin/replicator snapshots list";

  private static final Advice FAILING = new Advice(STATUS, "What if a city fails?");
  private static final Advice HOLDING = new Advice(HOLDS, "What if a city is held?");
  private static final Advice LATE = new Advice(STATUS, "What if a city stays behind?");

  private CycleSymptoms() {}

  static List<Symptom> of(MasterObservation seen) {
    List<Symptom> symptoms = new ArrayList<>();
    // While nobody tries, nobody knows whether the database could be read.
    if (seen.pauses().whole() == null) {
      cycles(seen, symptoms);
    }
    cities(seen, symptoms);
    return symptoms;
  }

  private static void cycles(MasterObservation seen, List<Symptom> symptoms) {
    CycleReport newest = seen.cycles().newest();
    Symptom outcome = newest == null ? null : outcome(seen, newest.outcome());
    if (outcome != null) {
      symptoms.add(outcome);
    }
    if (seen.connects().newest() != null && (outcome == null || !outcome.cause().equals(POLL))) {
      symptoms.add(poll(seen, seen.connects().newest(), seen.connects().message()));
    }
    if (newest != null) {
      Symptom lag = lag(seen, newest);
      if (lag != null) {
        symptoms.add(lag);
      }
    }
  }

  private static @Nullable Symptom outcome(MasterObservation seen, CycleOutcome outcome) {
    return switch (outcome) {
      case CycleOutcome.Published published -> null;
      case CycleOutcome.Refreshed refreshed -> null;
      case CycleOutcome.Held held ->
          Symptom.of(
              HELD,
              "Held",
              held.reason(),
              seen.limitAt(),
              new Advice(HOLDS, "What if nothing is published because too many cities are held?"));
      case CycleOutcome.Failed failed -> failed(seen, failed);
    };
  }

  private static Symptom failed(MasterObservation seen, CycleOutcome.Failed failed) {
    return switch (failed.stage()) {
      case POLL -> poll(seen, failed.failure(), failed.message());
      case RECOVER, ROUTE, BUILD ->
          fault(seen, BUILD, failed, new Advice(STATUS, "What if building fails?"));
      case PUBLISH ->
          failed.cause() instanceof PublishException.Fenced
              ? fault(
                  seen,
                  FENCED,
                  failed,
                  new Advice(STATUS, "What if a master stops publishing and names a higher epoch?"))
              : fault(seen, PUBLISH, failed, new Advice(STATUS, "What if publishing fails?"));
    };
  }

  private static Symptom fault(
      MasterObservation seen, Cause cause, CycleOutcome.Failed failed, Advice advice) {
    return Symptom.of(
        cause,
        failed.failure(),
        "%s%s".formatted(failed.message(), failing(seen)),
        seen.limitAt(),
        advice);
  }

  /** Each class of failure has a heading of its own. */
  private static Symptom poll(MasterObservation seen, String failure, String message) {
    ConnectHistory.Recent connects = seen.connects();
    String numbers =
        connects.failed() == 0
            ? ""
            : "; %d of the last %d connects and queries failed"
                .formatted(connects.failed(), connects.count());
    return Symptom.of(
        POLL,
        failure,
        "%s: %s%s%s".formatted(failure, message, failing(seen), numbers),
        seen.limitAt(),
        new Advice(DOCTOR, failure));
  }

  private static String failing(MasterObservation seen) {
    return seen.cycles().failingSince() == null
        ? ""
        : "; cycles fail since " + seen.cycles().failingSince();
  }

  /** A lag that is not known is no better than a large one. */
  private static @Nullable Symptom lag(MasterObservation seen, CycleReport newest) {
    PollReport poll = newest.poll();
    if (poll == null) {
      return null;
    }
    Duration lag = poll.replicaLag();
    String whyNot = newest.whyNot();
    if (lag != null && lag.compareTo(seen.ageLimit()) <= 0) {
      return null;
    }
    String what =
        lag == null
            ? "%s: %s".formatted(poll.endpoint(), whyNot == null ? "the lag is unknown" : whyNot)
            : "%s is %s behind its source, the age limit is %s"
                .formatted(poll.endpoint(), Words.duration(lag), Words.duration(seen.ageLimit()));
    return Symptom.of(
        LAG,
        lag == null ? "LagUnknown" : "LagAboveLimit",
        what,
        seen.limitAt(),
        new Advice(DOCTOR, "What if replication stands still or lags?"));
  }

  /** A city is told of once: as failing, else as held, else as one that stays behind. */
  private static void cities(MasterObservation seen, List<Symptom> symptoms) {
    CycleReport newest = seen.cycles().newest();
    SortedMap<City, String> failing = new TreeMap<>();
    if (newest != null) {
      failing.putAll(newest.failed());
    }
    SortedMap<City, String> held = new TreeMap<>(seen.cities().held());
    held.keySet().removeAll(failing.keySet());
    SortedMap<City, String> late = new TreeMap<>();
    seen.cities()
        .behind()
        .forEach(
            (city, behind) -> {
              if (behind.since().plus(seen.ageLimit()).isBefore(seen.at())) {
                late.put(city, "since %s: %s".formatted(behind.since(), behind.reason()));
              }
            });
    late.keySet().removeAll(failing.keySet());
    late.keySet().removeAll(held.keySet());
    late.keySet().removeAll(seen.pauses().cities().keySet());
    add(CITIES_FAIL, "CityFailed", "can't apply changes", failing, FAILING, symptoms);
    add(CITIES_HELD, "CityHeld", "stay as they are published", held, HOLDING, symptoms);
    add(CITIES_BEHIND, "CityBehind", "stay behind the others", late, LATE, symptoms);
  }

  /** Names some of them, and the reason of the first. */
  private static void add(
      Cause cause,
      String failure,
      String what,
      SortedMap<City, String> reasons,
      Advice advice,
      List<Symptom> symptoms) {
    if (reasons.isEmpty()) {
      return;
    }
    SortedSet<String> names = names(reasons.keySet());
    String reason = reasons.values().iterator().next().replaceAll("\\s+", " ");
    symptoms.add(
        Symptom.of(
                cause,
                failure,
                "%s: %s (%d of them; the first: %s)"
                    .formatted(Symptom.some(names), what, names.size(), reason),
                null,
                advice)
            .affecting(names));
  }

  private static SortedSet<String> names(Collection<City> cities) {
    SortedSet<String> names = new TreeSet<>();
    cities.forEach(city -> names.add(city.toString()));
    return names;
  }
}
