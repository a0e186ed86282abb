package freshet.replicator.alert;

import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.pause.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a slave's observation says is wrong. Pure. An age above its limit is an effect: whatever
 * keeps pulls from succeeding explains it. What cities lack that are behind by themselves is the
 * master's to tell, but for those that are paused here.
 */
public final class SlaveSymptoms {
  private static final Cause AGE_ABOVE_LIMIT =
      Cause.effect("age-above-limit", Stage.SERVE, Severity.CRITICAL);
  private static final Cause AGE_UNKNOWN =
      Cause.effect("age-unknown", Stage.SERVE, Severity.CRITICAL);
  private static final Cause UNREACHABLE =
      Cause.of("remote-unreachable", Stage.PULL, Severity.CRITICAL);
  private static final Cause DENIED = Cause.of("pull-denied", Stage.PULL, Severity.CRITICAL);
  private static final Cause DAMAGED = Cause.of("pull-damaged", Stage.PULL, Severity.CRITICAL);
  private static final Cause REFUSED = Cause.of("pull-refused", Stage.PULL, Severity.CRITICAL);
  private static final Cause DISK = Cause.of("disk-full", Stage.PULL, Severity.CRITICAL);

  private static final String RESUME = "bin/replicator resume";
  private static final String STATUS = "bin/replicator status";
  private static final String PULL = "bin/replicator pull";

  private SlaveSymptoms() {}

  /** Everything that is wrong. */
  public static List<Symptom> of(SlaveObservation seen) {
    List<Symptom> symptoms = new ArrayList<>();
    PullTrouble trouble = seen.trouble();
    if (trouble != null) {
      symptoms.add(trouble(seen, trouble));
    }
    Duration age = age(seen);
    PauseSymptoms pauses = new PauseSymptoms(Stage.PULL, RESUME, seen.ageLimit());
    Pause pause = seen.pause();
    SlaveObservation.Standing standing = seen.standing();
    if (pause != null) {
      symptoms.add(pauses.whole(pause, age, limitAt(seen)));
    } else if (standing != null) {
      symptoms.add(pauses.cities(standing.pauses(), standing.since()));
    }
    if (age != null && age.compareTo(clearBelow(seen.ageLimit())) >= 0) {
      Symptom symptom = ageAboveLimit(seen, age);
      symptoms.add(age.compareTo(seen.ageLimit()) > 0 ? symptom : symptom.fading());
    }
    CanarySymptoms.of(seen).ifPresent(symptoms::add);
    if (seen.age().age() instanceof Age.Unknown unknown) {
      symptoms.add(
          Symptom.of(
              AGE_UNKNOWN,
              "AgeUnknown",
              "the age of what is served is unknown: %s; it %s"
                  .formatted(unknown.reason(), seen.waitsFor()),
              null,
              new Advice(STATUS, "What if a slave's age is unknown?")));
    }
    return symptoms;
  }

  /** Below it the age counts as well again; under the limit, so that it may swing around that. */
  static Duration clearBelow(Duration limit) {
    return limit.multipliedBy(4).dividedBy(5);
  }

  /** Of the cities that are not behind by themselves; null if none has one. */
  private static @Nullable Duration age(SlaveObservation seen) {
    Duration known = seen.age().oldestKnown();
    return known == null ? null : known.minus(seen.age().stages().behind());
  }

  private static Symptom ageAboveLimit(SlaveObservation seen, Duration age) {
    return Symptom.of(
        AGE_ABOVE_LIMIT,
        "AgeAboveLimit",
        "%s, the limit is %s; most of it: %s; it %s"
            .formatted(
                Words.served(age),
                Words.duration(seen.ageLimit()),
                largest(seen.age().stages()),
                seen.waitsFor()),
        limitAt(seen),
        new Advice(STATUS, "What if a slave's age is above its limit?"));
  }

  private static Symptom trouble(SlaveObservation seen, PullTrouble trouble) {
    Duration age = age(seen);
    String pulls =
        switch (trouble.count()) {
          case 0 -> "the remote is silent";
          case 1 -> "the last pull failed, at %s".formatted(trouble.since());
          default ->
              "%d pulls in a row failed since %s".formatted(trouble.count(), trouble.since());
        };
    String what = "%s: %s; %s".formatted(pulls, trouble.cause(), Words.served(age));
    return Symptom.of(
        causeOf(trouble.kind()), trouble.failure(), what, limitAt(seen), advice(trouble.kind()));
  }

  private static Cause causeOf(SlaveObservation.Kind kind) {
    return switch (kind) {
      case UNREACHABLE -> UNREACHABLE;
      case DENIED -> DENIED;
      case DAMAGED -> DAMAGED;
      case REFUSED -> REFUSED;
      case DISK -> DISK;
    };
  }

  private static Advice advice(SlaveObservation.Kind kind) {
    return switch (kind) {
      case UNREACHABLE -> new Advice(PULL, "What if a slave can't reach its master?");
      case DENIED -> new Advice(PULL, "What if a pull is denied, or TLS fails?");
      case DAMAGED ->
          new Advice("bin/replicator snapshots verify", "What if a pull meets damaged files?");
      case REFUSED -> new Advice(PULL, "What if a pull is refused?");
      case DISK -> new Advice(STATUS, "What if a slave's disk is full?");
    };
  }

  private static @Nullable Instant limitAt(SlaveObservation seen) {
    Duration age = age(seen);
    return age == null ? null : seen.at().plus(seen.ageLimit()).minus(age);
  }

  private static String largest(StageAges stages) {
    Map<String, Duration> named =
        Map.of(
            "replication to the polled server", stages.replicaLag(),
            "waiting for the master's next poll", stages.waitingForPoll(),
            "polling", stages.poll(),
            "building", stages.build(),
            "publishing", stages.publish(),
            "waiting for a pull", stages.waitingForPull(),
            "pulling", stages.pull(),
            "switching", stages.switching());
    return named.entrySet().stream()
        .max(Map.Entry.<String, Duration>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(most -> "%s, %s".formatted(most.getKey(), Words.duration(most.getValue())))
        .orElseThrow();
  }
}
