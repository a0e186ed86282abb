package freshet.replicator.app;

import freshet.replicator.archive.ArchiveException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.FailureCodes;
import freshet.replicator.pull.PullException;
import freshet.replicator.pull.Refusal;
import freshet.replicator.repository.RepositoryBusyException;
import freshet.replicator.search.SearchException;
import freshet.replicator.swap.SwitchException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Exit codes of what the slave's stages throw. */
final class ReplicatorFailures implements FailureCodes {

  @Override
  public @Nullable ExitCode of(Exception failure) {
    return switch (failure) {
      case PullException pull -> of(pull);
      case SearchException search -> of(search);
      case ArchiveException archive -> of(archive);
      case RepositoryBusyException busy -> ExitCode.LOCKED;
      case SwitchException damaged -> ExitCode.TRY_AGAIN;
      case IOException disk -> ExitCode.CANNOT_WRITE;
      default -> null;
    };
  }

  private static ExitCode of(PullException failure) {
    return switch (failure) {
      case PullException.Unavailable unavailable -> ExitCode.UNAVAILABLE;
      case PullException.Superseded superseded -> ExitCode.TRY_AGAIN;
      case PullException.Damaged damaged -> ExitCode.TRY_AGAIN;
      case PullException.Denied denied -> ExitCode.NO_PERMISSION;
      case PullException.StoreFailed store -> ExitCode.CANNOT_WRITE;
      case PullException.InUse inUse -> ExitCode.LOCKED;
      case PullException.Stopped stopped -> ExitCode.TRY_AGAIN;
    };
  }

  /** How a verb ends whose pull did not take what it was offered. */
  static ExitCode of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.LowDisk low -> ExitCode.CANNOT_WRITE;
      case Refusal.OtherRepository other -> ExitCode.REFUSED;
      case Refusal.Older older -> ExitCode.REFUSED;
      case Refusal.Conflicting conflicting -> ExitCode.REFUSED;
      case Refusal.NewerFormat newer -> ExitCode.REFUSED;
      case Refusal.NewerLucene newer -> ExitCode.REFUSED;
      case Refusal.Partial partial -> ExitCode.REFUSED;
    };
  }

  private static ExitCode of(ArchiveException failure) {
    return switch (failure) {
      case ArchiveException.Damaged damaged -> ExitCode.REFUSED;
      case ArchiveException.Refused refused -> ExitCode.REFUSED;
      case ArchiveException.LowDisk low -> ExitCode.CANNOT_WRITE;
      case ArchiveException.InUse inUse -> ExitCode.LOCKED;
    };
  }

  private static ExitCode of(SearchException failure) {
    return switch (failure) {
      case SearchException.BadRequest bad -> ExitCode.USAGE;
      case SearchException.NotReady notReady -> ExitCode.TRY_AGAIN;
      case SearchException.UnknownCity unknown -> ExitCode.USAGE;
      case SearchException.Failed failed -> ExitCode.TRY_AGAIN;
    };
  }
}
