package freshet.replicator.app;

import picocli.CommandLine.Command;

/** What is in a repository, and going back in it. */
@Command(
    name = "snapshots",
    description = "List, show, keep, check the snapshots of a repository; go back to one.",
    subcommands = {
      SnapshotsListVerb.class,
      SnapshotsShowVerb.class,
      SnapshotsPinVerb.class,
      SnapshotsUnpinVerb.class,
      SnapshotsRollbackVerb.class,
      SnapshotsResumeVerb.class,
      SnapshotsVerifyVerb.class,
      SnapshotsGcVerb.class
    },
    synopsisSubcommandLabel = "list|show|pin|unpin|rollback|resume|verify|gc")
final class SnapshotsVerb {
  private SnapshotsVerb() {}
}
