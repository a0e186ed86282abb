package freshet.replicator.page;

import freshet.replicator.flight.Failure;
import freshet.replicator.incident.Incident;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * All that the page shows, as of one moment.
 *
 * @param role of this node
 * @param name of this node
 * @param at when, by its clock
 * @param headline the sentence on top
 * @param waitsFor what it does or waits for, in words
 * @param ageLimit how old what is served may be
 * @param history ages of the last hour: of the slowest slave, or of this one
 * @param incidents that are pending or firing, first failing stages first
 * @param fleet slaves that reported lately
 * @param cities that are served
 * @param handshakes with the database; none on a slave
 * @param failures of the last hour, one for each class, attempt and place
 * @param repository of this node
 * @param snapshots the newest ones in it, newest first
 * @param held cities that are held
 */
public record StatusPage(
    Role role,
    String name,
    Instant at,
    Headline headline,
    String waitsFor,
    Duration ageLimit,
    List<AgeSample> history,
    List<Incident> incidents,
    List<SlaveRow> fleet,
    List<CityRow> cities,
    List<PhaseHistogram> handshakes,
    List<Failure> failures,
    Path repository,
    List<SnapshotRow> snapshots,
    List<HeldRow> held) {

  /** What a node is. */
  public enum Role {
    /** It polls, builds and publishes. */
    MASTER,
    /** It pulls and serves search. */
    SLAVE
  }

  /** Copies the lists; puts the slowest slaves first. */
  public StatusPage {
    history = List.copyOf(history);
    incidents = List.copyOf(incidents);
    fleet = fleet.stream().sorted(SlaveRow.SLOWEST_FIRST).toList();
    cities = List.copyOf(cities);
    handshakes = List.copyOf(handshakes);
    failures = List.copyOf(failures);
    snapshots = List.copyOf(snapshots);
    held = List.copyOf(held);
  }
}
