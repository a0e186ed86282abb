package freshet.replicator.alert;

import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.pause.Pause;
import freshet.replicator.snapshot.Advertisement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server sees to be wrong that only serves what cron's builds publish. Pure. It knows how
 * old that is, and no reason.
 */
public final class ServerSymptoms {
  private static final Cause NOTHING_FRESH =
      Cause.effect("nothing-fresh", Stage.PUBLISH, Severity.CRITICAL);
  private static final String RESUME = "bin/indexer resume";

  private ServerSymptoms() {}

  /**
   * Everything that is wrong.
   *
   * @param latest what is advertised; null if nothing is
   * @param pause of the master that cron runs; null if there is none
   */
  public static List<Symptom> of(
      Instant at, Duration ageLimit, @Nullable Advertisement latest, @Nullable Pause pause) {
    List<Symptom> symptoms = new ArrayList<>();
    Duration age = latest == null ? null : latest.ageAt(at).orElse(null);
    Instant limitAt = age == null ? null : at.plus(ageLimit).minus(age);
    if (pause != null) {
      symptoms.add(new PauseSymptoms(Stage.POLL, RESUME, ageLimit).whole(pause, age, limitAt));
    }
    if (age != null && age.compareTo(ageLimit) > 0) {
      symptoms.add(
          Symptom.of(
              NOTHING_FRESH,
              "AgeAboveLimit",
              "what is published is %s behind the database, the limit is %s: no run of bin/indexer build has changed that; it is cron's to run"
                  .formatted(Words.duration(age), Words.duration(ageLimit)),
              limitAt,
              new Advice("bin/indexer status", "What if nothing fresh is published?")));
    }
    return symptoms;
  }
}
