package freshet.replicator.incident;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong at one moment.
 *
 * @param where which node looked
 * @param at by a clock that never goes back while the process lives
 * @param lastGood the generation that goes on being served; null if none
 * @param symptoms at most one of each cause
 * @param explainedBy what explains the effects seen here, though it is told elsewhere: the name of
 *     an open incident of the master; null if nothing does
 */
public record Look(
    String where,
    Instant at,
    @Nullable String lastGood,
    List<Symptom> symptoms,
    @Nullable String explainedBy) {

  /** Refuses a cause that is there twice. */
  public Look {
    symptoms = List.copyOf(symptoms);
    Set<String> names = new HashSet<>();
    for (Symptom symptom : symptoms) {
      if (!names.add(symptom.cause().name())) {
        throw new IllegalArgumentException(
            "one symptom of a cause is expected, found two of " + symptom.cause().name());
      }
    }
  }
}
