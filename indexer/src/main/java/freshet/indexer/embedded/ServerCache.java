package freshet.indexer.embedded;

import freshet.replicator.files.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder of things that are expensive to make and never change: unpacked binaries, initialised
 * data folders. Each appears whole, by a rename, and is made once, even if several processes ask
 * for it at the same moment; the others wait. Deleting the folder is always safe while no server
 * runs.
 */
record ServerCache(Path root) {
  /** File locks belong to a whole JVM: a second thread would get an exception, not wait. */
  private static final Object ONE_THREAD = new Object();

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /** Fills an empty folder. */
  interface Preparation {
    void fill(Path folder) throws IOException, InterruptedException;
  }

  /**
   * {@code ~/.cache/freshet}, or a private folder in the temporary folder for a user who has no
   * home to write to.
   *
   * @throws IOException if neither can be used
   */
  static ServerCache ofUser() throws IOException {
    Path home = Path.of(System.getProperty("user.home"));
    if (Files.isDirectory(home) && Files.isWritable(home)) {
      return new ServerCache(
          Files.createDirectories(home.resolve(".cache").resolve("freshet")).toRealPath());
    }
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9]", "_");
    Path root = Path.of(System.getProperty("java.io.tmpdir")).resolve("freshet-cache-" + user);
    if (!Files.exists(root)) {
      Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    // anyone may create this name first; then we would run that person's programs
    if (!Files.getPosixFilePermissions(root).equals(PRIVATE) || !Files.isWritable(root)) {
      throw new IOException(
          "cache folder " + root + " is not private to user " + user + ": delete it, or set HOME");
    }
    return new ServerCache(root.toRealPath());
  }

  /** Returns the folder of that name, made by the preparation if it isn't there yet. */
  Path prepare(String name, Preparation preparation) throws IOException, InterruptedException {
    Path done = root.resolve(name);
    if (Files.isDirectory(done)) {
      return done;
    }
    synchronized (ONE_THREAD) {
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          @Nullable FileLock lock = channel.lock()) {
        if (lock != null && !Files.isDirectory(done)) {
          deleteUnfinished(name);
          Path unfinished = Files.createTempDirectory(root, name + ".new-");
          preparation.fill(unfinished);
          Files.move(unfinished, done, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    return done;
  }

  /** Left by a process that died, or by a preparation that failed; the lock is ours. */
  private void deleteUnfinished(String name) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(root, name + ".new-*")) {
      for (Path leftover : leftovers) {
        DurableFiles.deleteTree(leftover);
      }
    }
  }
}
