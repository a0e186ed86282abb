package freshet.replicator.review;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** What {@code incident list} of either role prints. */
public final class IncidentListOptions {
  @Option(names = "--json", description = "Print them as JSON.")
  private boolean isJson;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "The newest N; ${DEFAULT-VALUE} by default.")
  private int limit;

  /**
   * Reads the incidents of a node.
   *
   * @param role {@code bin/indexer} or {@code bin/replicator}
   */
  public List<String> lines(IncidentFiles files, String role) throws IOException, CommandException {
    if (limit < 1) {
      throw new CommandException(
          ExitCode.USAGE, "--limit %d: 1 or more is expected".formatted(limit));
    }
    IncidentCatalog all = files.incidents();
    IncidentCatalog shown = all.limitedTo(limit);
    return isJson
        ? List.of(SnapshotCodec.writeText(shown))
        : IncidentText.list(shown, all.incidents().size(), role);
  }
}
