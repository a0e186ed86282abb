package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.session.SourceException;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.FailureCodes;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.snapshot.Advertisement;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Exit codes of what the master's stages throw. */
final class IndexerFailures implements FailureCodes {

  @Override
  public @Nullable ExitCode of(Exception failure) {
    return switch (failure) {
      case SourceException source -> of(source);
      case BuildException build -> build.isTransient() ? ExitCode.TRY_AGAIN : ExitCode.REFUSED;
      case PublishException publish -> of(publish);
      case IOException disk -> ExitCode.CANNOT_WRITE;
      default -> null;
    };
  }

  /** How a verb ends whose cycle failed. */
  static CommandException of(CycleOutcome.Failed failed, SnapshotPublisher publisher) {
    ExitCode code = new IndexerFailures().of(failed.cause());
    Instant through = publisher.advertisement().map(Advertisement::readThrough).orElse(null);
    return new CommandException(
        code == null ? ExitCode.INTERNAL : code,
        "%s: %s%s"
            .formatted(
                failed.failure(),
                failed.message(),
                through == null ? "" : "; what is published is complete through " + through),
        failed.cause());
  }

  static ExitCode of(SourceException failure) {
    return switch (failure) {
      case SourceException.AccessDenied denied -> ExitCode.NO_PERMISSION;
      case SourceException.SchemaError schema -> ExitCode.CONFIG;
      case SourceException.PacketTooLarge large -> ExitCode.CONFIG;
      case SourceException.Stopped stopped -> ExitCode.TRY_AGAIN;
      default -> ExitCode.UNAVAILABLE;
    };
  }

  private static ExitCode of(PublishException failure) {
    return switch (failure) {
      case PublishException.Fenced fenced -> ExitCode.REFUSED;
      case PublishException.Replaced replaced -> ExitCode.TRY_AGAIN;
      case PublishException.GateClosed closed -> ExitCode.REFUSED;
      case PublishException.Damaged damaged -> ExitCode.REFUSED;
      case PublishException.Busy busy -> ExitCode.TRY_AGAIN;
      case PublishException.DiskFailed disk -> ExitCode.CANNOT_WRITE;
    };
  }
}
