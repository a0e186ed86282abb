package freshet.replicator.review;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.Durations;
import freshet.replicator.flight.Failure;
import freshet.replicator.flight.FailureTimes;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code incident failures} of either role prints. */
public final class FailureTimesOptions {
  @Option(names = "--json", description = "Print the counts as JSON.")
  private boolean isJson;

  @Option(
      names = "--last",
      paramLabel = "DURATION",
      description = "Only failures of the last so long, such as 7d; by default all that are known.")
  private @Nullable String last;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "Of the local time, such as Europe/Berlin; by default this host's.")
  private @Nullable String zone;

  /** Counts the failures of a node. */
  public List<String> lines(IncidentFiles files, Time time) throws IOException, CommandException {
    Instant from = last == null ? Instant.MIN : time.now().minus(reach(last));
    ZoneId local = zone == null ? ZoneId.systemDefault() : zone(zone);
    List<Failure> failures =
        files.recorded().failures().stream()
            .filter(failure -> !failure.at().isBefore(from))
            .toList();
    FailureTimes times = FailureTimes.of(failures, local);
    return isJson ? List.of(SnapshotCodec.writeText(times)) : FailureTimesText.lines(times);
  }

  private static Duration reach(String text) throws CommandException {
    return Durations.parse(text)
        .filter(Duration::isPositive)
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.USAGE,
                    "--last %s: a duration above zero is expected, such as 7d".formatted(text)));
  }

  private static ZoneId zone(String name) throws CommandException {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "--zone %s: the name of a zone is expected, such as Europe/Berlin".formatted(name),
          e);
    }
  }
}
