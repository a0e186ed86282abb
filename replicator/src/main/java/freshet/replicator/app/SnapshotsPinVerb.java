package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Generation;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a snapshot, whatever its age. */
@Command(name = "pin", description = "Keep a snapshot until it is unpinned, whatever its age.")
final class SnapshotsPinVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Parameters(paramLabel = "GENERATION", description = "As snapshots list shows it.")
  private String name = "";

  @Option(names = "--json", description = "Print what was done as JSON.")
  private boolean isJson;

  SnapshotsPinVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.open(configFile());
    Generation generation = RepositoryOptions.generation(open, name);
    open.pin(generation);
    print(
        isJson
            ? Json.line(Map.of("generation", generation, "isPinned", true))
            : generation + " is kept until it is unpinned");
    return ExitCode.OK;
  }
}
