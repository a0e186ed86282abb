package freshet.replicator.app;

import freshet.replicator.command.Account;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.Durations;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.Pauses;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a pause of either role is made of. */
public final class PauseOptions {
  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "How long, at most 24h; it ends by itself then. Required.")
  private @Nullable String length;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever is on call.")
  private @Nullable String reason;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who asks; by default the account and host of this process.")
  private @Nullable String by;

  @Option(names = "--json", description = "Print what is paused by this as JSON.")
  private boolean isJson;

  /** What came of it. */
  private record Result(List<Pause> paused) {}

  /**
   * Pauses these cities, or everything.
   *
   * @param cities none for everything
   * @param resume the command that ends it sooner
   * @return what to print
   */
  public String pause(RepositoryLayout layout, List<City> cities, String resume, Instant now)
      throws IOException, CommandException {
    Duration length = length();
    String who = by == null ? Account.here(System.getenv()) : by;
    PauseFolder folder = new PauseFolder(layout);
    Pauses before = folder.read().at(now);
    List<Pause> paused = new ArrayList<>();
    if (cities.isEmpty()) {
      paused.add(Pause.of(null, who, now, length, reason));
    }
    cities.forEach(city -> paused.add(Pause.of(city, who, now, length, reason)));
    for (Pause pause : paused) {
      folder.write(pause);
    }
    return isJson ? SnapshotCodec.writeText(new Result(paused)) : text(paused, before, resume);
  }

  private Duration length() throws CommandException {
    String text = length;
    if (text == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "--for is missing: say how long, such as --for 10m, at most 24h; it ends by itself then");
    }
    Duration length =
        Durations.parse(text)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.USAGE,
                        "--for %s: a duration of 1s to 24h is expected, such as 10m"
                            .formatted(text)));
    String problem = Pause.problemWith(length).orElse(null);
    if (problem != null) {
      throw new CommandException(ExitCode.USAGE, "--for %s: %s".formatted(text, problem));
    }
    return length;
  }

  private static String text(List<Pause> paused, Pauses before, String resume) {
    Pause first = paused.getFirst();
    City city = first.city();
    Pause old = city == null ? before.whole() : before.cities().get(city);
    return "%s%s%s. What is under way ends first, and what is served grows older meanwhile; end it sooner with: %s"
        .formatted(
            city == null
                ? ""
                : paused.stream()
                    .map(pause -> String.valueOf(pause.city()))
                    .collect(Collectors.joining(", ", "cities ", ": ")),
            first.sentence(),
            old == null ? "" : " (in the place of: %s)".formatted(old.sentence()),
            resume);
  }
}
