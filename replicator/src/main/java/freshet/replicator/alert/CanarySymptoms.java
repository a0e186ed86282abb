package freshet.replicator.alert;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import java.time.Duration;
import java.util.Optional;

/**
 * That a search for the canary contradicts the age. Pure. Where the age itself says that something
 * is wrong, they agree, and the age is told. One canary that was written in time is older than the
 * age by no more than it is written every: what is older proves that the age is wrong, or that
 * nobody writes it any more.
 */
final class CanarySymptoms {
  private static final Cause DISAGREES =
      Cause.effect("canary-disagrees", Stage.SERVE, Severity.CRITICAL);
  private static final Advice ADVICE =
      new Advice("bin/replicator status", "What if the canary disagrees with the age?");

  private CanarySymptoms() {}

  /** The symptom, if they disagree. It is only fading while the canary is a little too young. */
  static Optional<Symptom> of(SlaveObservation seen) {
    CanaryReport canary = seen.canary();
    if (canary == null
        || !(seen.age().age() instanceof Age.Known(Duration computed))
        || computed.compareTo(seen.ageLimit()) > 0) {
      return Optional.empty();
    }
    String otherwise =
        "by the age that is computed, what is served is at most %s behind the database"
            .formatted(Words.duration(computed));
    Duration behind = canary.atLeast();
    if (behind == null) {
      return Optional.of(
          symptom("CanaryNotFound", "the canary: %s; %s".formatted(canary.sentence(), otherwise)));
    }
    if (behind.compareTo(SlaveSymptoms.clearBelow(seen.ageLimit())) < 0) {
      return Optional.empty();
    }
    Symptom old =
        symptom(
            "CanaryTooOld",
            "the canary: %s; it should be written every %s, the limit is %s; %s"
                .formatted(
                    canary.sentence(),
                    Words.duration(canary.canary().every()),
                    Words.duration(seen.ageLimit()),
                    otherwise));
    return Optional.of(behind.compareTo(seen.ageLimit()) > 0 ? old : old.fading());
  }

  private static Symptom symptom(String failure, String what) {
    return Symptom.of(DISAGREES, failure, what, null, ADVICE);
  }
}
