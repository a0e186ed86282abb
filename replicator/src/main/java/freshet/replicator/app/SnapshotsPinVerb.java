package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Keeps a snapshot, whatever its age. */
@Command(name = "pin", description = "Keep a snapshot until it is unpinned, whatever its age.")
final class SnapshotsPinVerb extends Verb {
  @Mixin private PinOptions pin = new PinOptions();

  SnapshotsPinVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    print(pin.pin(configFile(), true));
    return ExitCode.OK;
  }
}
