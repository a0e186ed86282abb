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
 * @param at by the wall clock; the book was {@link IncidentBook#stepped} wherever that was set
 * @param lastGood the generation that goes on being served; null if none
 * @param symptoms at most one of each cause
 * @param explainedBy what explains the effects seen here, though it is told elsewhere: the name of
 *     an open incident of the master; null if nothing does
 * @param isComplete whether what is not among the symptoms is not there; a node that has just been
 *     started does not know yet, and ends nothing
 */
public record Look(
    String where,
    Instant at,
    @Nullable String lastGood,
    List<Symptom> symptoms,
    @Nullable String explainedBy,
    boolean isComplete) {

  /** One that sees everything. */
  public Look(
      String where,
      Instant at,
      @Nullable String lastGood,
      List<Symptom> symptoms,
      @Nullable String explainedBy) {
    this(where, at, lastGood, symptoms, explainedBy, true);
  }

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
