package freshet.replicator.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether files can be shared between two folders. */
public final class HardLinks {
  private static final String PREFIX = ".link-";

  private HardLinks() {}

  /**
   * Links an empty file from one existing folder into another and removes both.
   *
   * @return whether that worked; empty if it can't be known since no file could be written at all,
   *     such as on a full disk
   */
  public static Optional<Boolean> work(Path from, Path to) {
    try {
      Path probe = Files.createTempFile(from, PREFIX, ".probe");
      try {
        return isLinked(probe, to);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Boolean> isLinked(Path probe, Path to) throws IOException {
    Path target = Files.createTempFile(to, PREFIX, ".link");
    try {
      Files.delete(target);
      Files.createLink(target, probe);
      return Optional.of(true);
    } catch (FileSystemException | UnsupportedOperationException e) {
      // A file could be written there just now, so that it is the link which was refused.
      return Optional.of(false);
    } finally {
      Files.deleteIfExists(target);
    }
  }
}
