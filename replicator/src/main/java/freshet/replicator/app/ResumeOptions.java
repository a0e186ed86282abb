package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.Pauses;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How a pause of either role is ended before its time. */
public final class ResumeOptions {
  @Option(names = "--json", description = "Print what was paused as JSON.")
  private boolean isJson;

  /** What came of it. */
  private record Result(List<Pause> resumed) {}

  /**
   * Ends the pauses of these cities, or all there are.
   *
   * @param cities none for everything
   * @return what to print
   * @throws CommandException if one is not paused; then none is resumed
   */
  public String resume(RepositoryLayout layout, List<City> cities, Instant now)
      throws IOException, CommandException {
    PauseFolder folder = new PauseFolder(layout);
    Pauses paused = folder.read().at(now);
    List<Pause> resumed = new ArrayList<>();
    if (cities.isEmpty()) {
      paused.all().forEach(resumed::add);
    }
    for (City city : cities) {
      Pause pause = paused.cities().get(city);
      if (pause == null) {
        throw notPaused(city, paused);
      }
      resumed.add(pause);
    }
    if (resumed.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, "nothing is paused here, so nothing is resumed");
    }
    for (Pause pause : resumed) {
      folder.remove(pause.city());
    }
    return isJson
        ? SnapshotCodec.writeText(new Result(resumed))
        : resumed.stream()
            .map(
                pause ->
                    "%s was %s"
                        .formatted(
                            pause.city() == null ? "resumed: it" : "resumed: city " + pause.city(),
                            pause.sentence()))
            .collect(Collectors.joining(System.lineSeparator()));
  }

  private static CommandException notPaused(City city, Pauses paused) {
    Pause whole = paused.whole();
    return new CommandException(
        ExitCode.USAGE,
        "--city %s: it is not paused by itself; %s"
            .formatted(
                city,
                whole != null
                    ? "everything is %s: resume without --city".formatted(whole.sentence())
                    : paused.cities().isEmpty()
                        ? "nothing is"
                        : "paused are " + paused.cities().keySet()));
  }
}
