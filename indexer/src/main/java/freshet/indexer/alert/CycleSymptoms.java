package freshet.indexer.alert;

import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.PollReport;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.publish.PublishException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the newest cycle says is wrong, and the poll that is under way. Pure. */
final class CycleSymptoms {
  private static final Cause POLL = Cause.of("poll-fails", Stage.POLL, Severity.CRITICAL);
  private static final Cause LAG = Cause.of("replica-lags", Stage.REPLICATION, Severity.CRITICAL);
  private static final Cause BUILD = Cause.of("build-fails", Stage.BUILD, Severity.CRITICAL);
  private static final Cause PUBLISH = Cause.of("publish-fails", Stage.PUBLISH, Severity.CRITICAL);
  private static final Cause FENCED = Cause.of("master-fenced", Stage.PUBLISH, Severity.CRITICAL);
  private static final Cause HELD = Cause.of("snapshot-held", Stage.PUBLISH, Severity.CRITICAL);

  private static final String STATUS = "bin/indexer status";
  private static final String DOCTOR = "bin/indexer doctor";
  private static final String HOLDS = "bin/replicator snapshots list";

  private CycleSymptoms() {}

  static List<Symptom> of(MasterObservation seen) {
    if (seen.pauses().whole() != null) {
      // While nobody tries, nobody knows whether the database could be read.
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    CycleReport newest = seen.cycles().newest();
    Symptom outcome = newest == null ? null : outcome(seen, newest.outcome());
    if (outcome != null) {
      symptoms.add(outcome);
    }
    if (outcome == null || !outcome.cause().equals(POLL)) {
      Symptom underWay = underWay(seen);
      if (underWay != null) {
        symptoms.add(underWay);
      }
    }
    if (newest != null) {
      Symptom lag = lag(seen, newest);
      if (lag != null) {
        symptoms.add(lag);
      }
    }
    return symptoms;
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
      case POLL -> poll(seen, failed.failure(), failed.message(), failed.cause());
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

  /** What a poll met that has not ended; its next deadline may be later than that of the age. */
  private static @Nullable Symptom underWay(MasterObservation seen) {
    ConnectHistory.Recent connects = seen.connects();
    SourceException failure = connects.newest();
    if (failure != null) {
      return poll(
          seen, failure.getClass().getSimpleName(), String.valueOf(failure.getMessage()), failure);
    }
    Instant since = seen.cycles().runningSince();
    if (connects.asking() == null || since == null || !seen.isNearLimit()) {
      return null;
    }
    Duration taken = Duration.between(since, seen.at());
    return seen.isMostOfAge(taken)
        ? poll(
            seen,
            "Stalled",
            "%s has not ended, in a cycle that began %s ago"
                .formatted(connects.asking(), Words.duration(taken)),
            null)
        : null;
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
  private static Symptom poll(
      MasterObservation seen, String failure, String message, @Nullable Throwable cause) {
    return Symptom.of(
        POLL,
        failure,
        "%s: %s%s"
            .formatted(
                failure, PollWords.of(cause, message, seen.connects().connects()), failing(seen)),
        seen.limitAt(),
        new Advice(DOCTOR, failure));
  }

  private static String failing(MasterObservation seen) {
    // Since when is told beside it.
    return seen.cycles().failingSince() == null ? "" : "; all cycles fail";
  }

  /**
   * A lag that is not known is no better than a large one. One that makes up most of an age near
   * its limit is the cause of that.
   */
  private static @Nullable Symptom lag(MasterObservation seen, CycleReport newest) {
    PollReport poll = newest.poll();
    if (poll == null) {
      return null;
    }
    Duration lag = poll.replicaLag();
    String whyNot = newest.whyNot();
    boolean isAbove = lag != null && lag.compareTo(seen.ageLimit()) > 0;
    if (lag != null && !isAbove && !(seen.isNearLimit() && seen.isMostOfAge(lag))) {
      return null;
    }
    String what =
        lag == null
            ? "%s: %s".formatted(poll.endpoint(), whyNot == null ? "the lag is unknown" : whyNot)
            : "%s is %s behind its source, the age limit is %s"
                .formatted(poll.endpoint(), Words.duration(lag), Words.duration(seen.ageLimit()));
    return Symptom.of(
        LAG,
        lag == null ? "LagUnknown" : isAbove ? "LagAboveLimit" : "LagNearLimit",
        what,
        seen.limitAt(),
        new Advice(DOCTOR, "What if replication stands still or lags?"));
  }
}
