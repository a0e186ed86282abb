package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.RepositoryLayout;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a slave's pause before its time. */
@Command(name = "resume", description = "Pull again: end what bin/replicator pause began.")
final class ResumeVerb extends Verb {
  @Mixin private ResumeOptions options = new ResumeOptions();

  ResumeVerb() {
    super(ReplicatorMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    ReplicatorConfig config = ReplicatorConfig.read(configFile(), System.getenv());
    HostGate.writes(config.store().folder());
    print(
        options.resume(
            new RepositoryLayout(config.store().folder()), List.of(), new SystemTime().now()));
    return ExitCode.OK;
  }
}
