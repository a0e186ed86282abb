package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.RepositoryLayout;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a slave begin no pull for a while. */
@Command(
    name = "pause",
    description = "Begin no pull for a while, neither the daemon nor cron; what is here is served.")
final class PauseVerb extends Verb {
  @Mixin private PauseOptions options = new PauseOptions();

  @Option(names = "--city", paramLabel = "CITY", description = "Refused: see bin/indexer pause.")
  private List<String> cities = new ArrayList<>();

  PauseVerb() {
    super(ReplicatorMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    if (!cities.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--city %s: a slave switches all its cities at one time, so that a search over several of them shows one snapshot; pause the slave as a whole, or the city where it is built: bin/indexer pause --city %s --for 10m"
              .formatted(cities.getFirst(), cities.getFirst()));
    }
    ReplicatorConfig config = ReplicatorConfig.read(configFile(), System.getenv());
    HostGate.writes(config.store().folder());
    print(
        options.pause(
            new RepositoryLayout(config.store().folder()),
            List.of(),
            "bin/replicator resume",
            new SystemTime().now()));
    return ExitCode.OK;
  }
}
