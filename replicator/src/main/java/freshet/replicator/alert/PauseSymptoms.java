package freshet.replicator.alert;

import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.pause.Pause;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a pause says is wrong, of either role. Pure. It explains what it makes old from its first
 * moment, and is told once the limit of the age is crossed; where nobody knows the age, as any
 * other cause.
 *
 * @param stage that stands still
 * @param resume the command that ends it
 * @param ageLimit how old what is served may be
 */
public record PauseSymptoms(Stage stage, String resume, Duration ageLimit) {
  private static final String FAILURE = "Paused";
  private static final String HEADING = "What if somebody has paused a master or slave?";

  /** That everything stands still. */
  public Symptom whole(Pause pause, @Nullable Duration age, @Nullable Instant limitAt) {
    String what =
        "%s; %s, the limit is %s"
            .formatted(pause.sentence(), Words.served(age), Words.duration(ageLimit));
    Symptom symptom =
        Symptom.of(Cause.paused(stage), FAILURE, what, limitAt, new Advice(resume, HEADING));
    return limitAt == null ? symptom : symptom.latent();
  }

  /**
   * That these cities stand still.
   *
   * @param pauses of them, at least one
   * @param since when the first of them was complete last
   */
  public Symptom cities(SortedMap<City, Pause> pauses, Instant since) {
    SortedSet<String> names = new TreeSet<>();
    pauses.keySet().forEach(city -> names.add(city.toString()));
    String what =
        "%s: %s%s"
            .formatted(
                Symptom.some(names),
                pauses.values().iterator().next().sentence(),
                names.size() == 1 ? "" : " (the first of %d)".formatted(names.size()));
    return Symptom.of(
            Cause.paused(stage), FAILURE, what, since.plus(ageLimit), new Advice(resume, HEADING))
        .affecting(names)
        .latent();
  }
}
