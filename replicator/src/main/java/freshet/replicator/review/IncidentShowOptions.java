package freshet.replicator.review;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.flight.Failure;
import freshet.replicator.flight.FlightFolder;
import freshet.replicator.flight.Recording;
import freshet.replicator.incident.Incident;
import freshet.replicator.review.IncidentCatalog.Known;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code incident show} of either role prints. */
public final class IncidentShowOptions {
  @Parameters(
      paramLabel = "ID",
      description = "As list shows it; or the name of a cause, for its newest incident.")
  private String id = "";

  @Option(names = "--json", description = "Print it as JSON, with all its recordings.")
  private boolean isJson;

  @Option(
      names = "--recordings",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many of its recordings are shown whole; ${DEFAULT-VALUE} by default.")
  private int whole;

  /**
   * An incident with the minutes before it.
   *
   * @param incident itself
   * @param recordings that belong to it, the oldest first
   */
  record Details(Known incident, List<Recording> recordings) {
    Details {
      recordings = List.copyOf(recordings);
    }
  }

  /** Reads what is known of it. */
  public List<String> lines(IncidentFiles files, Time time) throws IOException, CommandException {
    if (whole < 0) {
      throw new CommandException(
          ExitCode.USAGE, "--recordings %d: 0 or more is expected".formatted(whole));
    }
    Known known = files.incidents().find(id);
    Incident incident = known.incident();
    Instant until = known.until() == null ? time.now() : known.until();
    FlightFolder recorded = files.recorded();
    Details details =
        new Details(
            known,
            recorded.recordings(incident.cause(), incident.stage(), incident.since(), until));
    if (isJson) {
      return List.of(SnapshotCodec.writeText(details));
    }
    List<Failure> failures = recorded.failures();
    return IncidentText.show(details, failures, whole);
  }
}
