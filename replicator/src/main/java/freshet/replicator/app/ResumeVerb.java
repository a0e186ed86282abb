package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.RepositoryLayout;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a slave's pause before its time. */
@Command(
    name = "resume",
    description = "Pull, and switch all cities, again: end what bin/replicator pause began.")
final class ResumeVerb extends Verb {
  @Mixin private ResumeOptions options = new ResumeOptions();

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description = "Only this city; may be given several times. All that is paused by default.")
  private List<String> names = new ArrayList<>();

  ResumeVerb() {
    super(ReplicatorMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    ReplicatorConfig config = ReplicatorConfig.read(configFile(), System.getenv());
    HostGate.writes(config.store().folder());
    print(
        options.resume(
            new RepositoryLayout(config.store().folder()),
            List.copyOf(CityArguments.parse(names)),
            new SystemTime().now()));
    return ExitCode.OK;
  }
}
