package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.host.FolderAccess;
import freshet.replicator.host.HostCheck;
import freshet.replicator.host.HostFinding;
import freshet.replicator.host.HostNeeds;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a daemon or a verb start where its host has what it needs. */
public final class HostGate {
  private static final Logger LOG = LoggerFactory.getLogger(HostGate.class);

  private HostGate() {}

  /**
   * Warns of what is short.
   *
   * @param written the folder that files are written to
   * @param kept the folder that they are linked into
   * @throws CommandException for what nothing can work without
   */
  public static void pass(Path written, Path kept, HostNeeds needs) throws CommandException {
    for (HostFinding finding : HostCheck.check(written, kept, needs)) {
      if (finding.isFatal()) {
        throw new CommandException(ExitCode.CONFIG, "this host is not fit to start on: " + finding);
      }
      LOG.warn("{}", finding);
    }
  }

  /**
   * Lets a verb write into folders, which may be absent as yet.
   *
   * @throws CommandException if they are another account's, or this one may not
   */
  public static void writes(Path... folders) throws CommandException {
    for (HostFinding finding : FolderAccess.findings(folders)) {
      throw new CommandException(ExitCode.CANNOT_WRITE, "nothing was done: " + finding);
    }
  }
}
