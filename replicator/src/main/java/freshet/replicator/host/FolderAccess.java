package freshet.replicator.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the account of this process may write into a folder, and should: what root writes into
 * the folder of another account locks that one's daemon out.
 */
public final class FolderAccess {
  private static final String ROOT = "root";

  private FolderAccess() {}

  /** What stands against writing into these folders, which may be absent as yet. */
  public static List<HostFinding> findings(Path... folders) {
    return Stream.of(folders).flatMap(folder -> look(folder).stream()).toList();
  }

  private static Optional<HostFinding> look(Path folder) {
    Path asked = folder.toAbsolutePath().normalize();
    Path there = HostCheck.existing(asked);
    try {
      String owner = Files.getOwner(there).getName();
      String account = System.getProperty("user.name", "unknown");
      // A disk that fails turns read-only: that, the work itself meets, and on-call is told.
      boolean isWritable = Files.isWritable(there) || Files.getFileStore(there).isReadOnly();
      return finding(asked, there, owner, account, isWritable);
    } catch (IOException | UnsupportedOperationException e) {
      // Nothing is known of it: whoever writes there will hear.
      return Optional.empty();
    }
  }

  /**
   * The rule. It is for root that an owner counts, who could write anywhere: others may share a
   * folder by groups, and the system stops them where they may not. Root makes the folders of an
   * installation, so that above the folder only the one that holds it tells whose it will be.
   *
   * @param there the folder, or where it is absent what would hold it or its parents
   * @param owner of that
   * @param account of this process
   * @param isWritable whether that account may write there
   */
  static Optional<HostFinding> finding(
      Path folder, Path there, String owner, String account, boolean isWritable) {
    String found = "%s of %s, and this runs as %s".formatted(there, owner, account);
    boolean isNear = there.equals(folder) || there.equals(folder.getParent());
    if (account.equals(ROOT) && !owner.equals(ROOT) && isNear) {
      return Optional.of(
          new HostFinding(
              "%s is another account's, whose daemon could not change what root writes there"
                  .formatted(folder),
              found,
              "the same account for all that writes there",
              "put this before the command: runuser -u %s -- ; or, if root is to run all of it: chown -R root %s"
                  .formatted(owner, there),
              true));
    }
    return isWritable
        ? Optional.empty()
        : Optional.of(
            new HostFinding(
                "%s can't be written to".formatted(folder),
                found,
                "a folder that %s may write to".formatted(account),
                "correct home or the folder's key in the configuration, or: chown -R %s %s"
                    .formatted(account, there),
                true));
  }
}
