package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets retention decide on a snapshot again. */
@Command(name = "unpin", description = "Let retention decide again on a snapshot that was pinned.")
final class SnapshotsUnpinVerb extends Verb {
  @Mixin private PinOptions pin = new PinOptions();

  SnapshotsUnpinVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    print(pin.pin(configFile(), false));
    return ExitCode.OK;
  }
}
