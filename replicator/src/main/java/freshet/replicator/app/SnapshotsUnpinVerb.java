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

/** Lets retention decide on a snapshot again. */
@Command(name = "unpin", description = "Let retention decide again on a snapshot that was pinned.")
final class SnapshotsUnpinVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Parameters(paramLabel = "GENERATION", description = "As snapshots list shows it.")
  private String name = "";

  @Option(names = "--json", description = "Print what was done as JSON.")
  private boolean isJson;

  SnapshotsUnpinVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.open(configFile());
    Generation generation = RepositoryOptions.generation(open, name);
    open.unpin(generation);
    print(
        isJson
            ? Json.line(Map.of("generation", generation, "isPinned", false))
            : generation + " is kept as long as retention says");
    return ExitCode.OK;
  }
}
