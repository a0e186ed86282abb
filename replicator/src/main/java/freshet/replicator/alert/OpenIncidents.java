package freshet.replicator.alert;

import freshet.replicator.incident.Incident;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node's watch knows at the moment: the JSON of GET /incidents.
 *
 * @param where which node
 * @param incidents that are pending or firing; first failing stages first
 * @param explainedBy what this node's own remote told it that accounts for an age here; null if
 *     nothing did, or nobody was asked
 */
public record OpenIncidents(
    String where, List<Incident> incidents, @Nullable Incident explainedBy) {
  /** Copies the list. */
  public OpenIncidents {
    incidents = List.copyOf(incidents);
  }

  /** Those that somebody was told of. */
  public List<Incident> firing() {
    return incidents.stream()
        .filter(incident -> incident.phase() == Incident.Phase.FIRING)
        .toList();
  }

  /** What accounts for an age on every node that gets its snapshots from this one. */
  public Optional<Incident> explanation() {
    return incidents.stream()
        .filter(Incident::concernsEverything)
        .findFirst()
        .or(() -> Optional.ofNullable(explainedBy));
  }
}
