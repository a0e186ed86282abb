package freshet.replicator.review;

import freshet.replicator.alert.IncidentJournal;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.alert.ToldIncident;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonAccess;
import freshet.replicator.command.DaemonClient;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.DaemonFile.Daemon;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.flight.FlightFolder;
import freshet.replicator.incident.Incident;
import freshet.replicator.review.IncidentCatalog.Known;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a node of either role keeps what the verbs {@code incident} tell of. They need no daemon;
 * where one runs, it says how open incidents look by now, and which are pending.
 *
 * @param alerts the folder of its watch
 * @param flight the folder of its recorder
 * @param daemon the folder that tells where its daemon listens
 * @param server how its daemon listens
 */
public record IncidentFiles(Path alerts, Path flight, Path daemon, ServerSettings server) {
  private static final int HTTP_OK = 200;

  /** What the recorder has written. */
  FlightFolder recorded() {
    return new FlightFolder(flight);
  }

  /** All incidents that are known. */
  IncidentCatalog incidents() throws IOException {
    Map<String, Known> known = new LinkedHashMap<>();
    for (ToldIncident told : IncidentJournal.read(alerts).incidents().reversed()) {
      known.put(told.incident().id(), Known.of(told));
    }
    Optional<Daemon> running = new DaemonFile(daemon).read();
    if (running.isEmpty()) {
      return new IncidentCatalog(
          List.copyOf(known.values()),
          known.values().stream().anyMatch(Known::isOpen)
              ? "no daemon runs: what is open is as the last one left it"
              : null);
    }
    try {
      return new IncidentCatalog(with(ask(running.get()), known), null);
    } catch (CommandException | FormatException e) {
      return new IncidentCatalog(
          List.copyOf(known.values()),
          "what is open is as it was told last, since the daemon does not say: " + e.getMessage());
    }
  }

  private OpenIncidents ask(Daemon running) throws IOException, CommandException {
    URI url = URI.create(running.url().toString().replaceFirst("/*$", "") + "/incidents");
    DaemonClient.Answer answer = DaemonClient.get(url, DaemonAccess.of(server));
    if (answer.status() != HTTP_OK) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "GET %s: HTTP %d, 200 is expected: %s".formatted(url, answer.status(), answer.problem()));
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    return SnapshotCodec.read(bytes, OpenIncidents.class, url.toString());
  }

  /** What is pending first, then the newest first, as they look now. */
  private static List<Known> with(OpenIncidents open, Map<String, Known> known) {
    List<Known> all = new ArrayList<>();
    for (Incident incident : open.incidents()) {
      Known told = known.get(incident.id());
      if (told == null) {
        all.add(Known.untold(incident));
      } else {
        known.put(incident.id(), told.as(incident));
      }
    }
    all.addAll(known.values());
    return all;
  }
}
