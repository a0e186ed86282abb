package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * Fetches one file into the store. It grows beside its place, is verified whole against its digest,
 * synced, and only then renamed to its final name. What a cut or stalled body left is resumed by
 * range, in this pull or a later one. Folders are not synced here: the executor does that once for
 * all files, before LATEST.
 */
final class FileFetcher {
  /** What the name of an unfinished file ends with. */
  static final String PART_SUFFIX = ".part";

  private static final int FRUITLESS_ATTEMPTS = 3;

  /**
   * What an attempt has to bring beyond all before it to be of use. Who sends a byte and hangs up
   * keeps no minimum rate either, however often he is asked again; and one that knows no ranges
   * begins anew each time.
   */
  private static final int LEAST_PROGRESS_BYTES = 64 << 10;

  private static final int DAMAGED_ATTEMPTS = 3;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Traffic traffic;
  private final RepositoryLayout store;

  FileFetcher(Traffic traffic, RepositoryLayout store) {
    this.traffic = traffic;
    this.store = store;
  }

  /** Where an unfinished file grows. */
  static Path partOf(Path target) {
    return target.resolveSibling(target.getFileName() + PART_SUFFIX);
  }

  /** Gives a verified, synced file its final name. */
  static void finish(Path part, Path target) throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Gives a file that was verified in memory its place, synced. The folder exists. */
  static void write(Path target, byte[] content) throws IOException {
    Path part = partOf(target);
    Files.write(part, content);
    DurableFiles.syncFile(part);
    finish(part, target);
  }

  /** Fetches a file that is not under its name yet. The folder exists. */
  void fetch(String name, long length, Digest sha256) throws IOException, PullException {
    fetch(name, store.resolve(name), length, sha256);
  }

  /** Fetches a file to this place, where it is not yet. The folder exists. */
  void fetch(String name, Path target, long length, Digest sha256)
      throws IOException, PullException {
    Path part = partOf(target);
    int fruitless = 0;
    int damaged = 0;
    long most = sizeOf(part);
    while (true) {
      try {
        Digest found = complete(name, part, length, sha256);
        if (found.equals(sha256)) {
          DurableFiles.syncFile(part);
          finish(part, target);
          return;
        }
        Files.deleteIfExists(part);
        if (++damaged >= DAMAGED_ATTEMPTS) {
          throw new PullException.Damaged(
              "%s of %s was fetched %d times with a wrong content, the last has sha256 %s, its manifest says %s: check that file there"
                  .formatted(name, traffic.address(), damaged, found.brief(), sha256.brief()),
              null);
        }
      } catch (RemoteException.Lost | RemoteException.Stalled e) {
        long now = sizeOf(part);
        fruitless = now - most >= LEAST_PROGRESS_BYTES ? 0 : fruitless + 1;
        most = Math.max(most, now);
        if (fruitless >= FRUITLESS_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Fetches what is missing of the part, and gives the digest of all of it. */
  private Digest complete(String name, Path part, long length, Digest sha256)
      throws IOException, PullException {
    long have = sizeOf(part);
    if (have > length) {
      Files.delete(part);
      have = 0;
    }
    MessageDigest digest = Digest.start();
    digestOf(part, have, digest);
    if (have == length) {
      if (length == 0) {
        Files.newOutputStream(part).close();
      }
      return Digest.finish(digest.digest());
    }
    try (RemoteBody body = traffic.open(name, have, sha256)) {
      boolean resumes = body.from() == have && have > 0;
      if (!resumes) {
        digest.reset();
        have = 0;
      }
      StandardOpenOption mode =
          resumes ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
      try (OutputStream out =
          Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
        copy(name, body.stream(), out, length - have, digest);
      }
    }
    return Digest.finish(digest.digest());
  }

  private void copy(
      String name, InputStream in, OutputStream out, long expected, MessageDigest digest)
      throws IOException, PullException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = expected;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new RemoteException.Lost(
            "%s of %s ended %d bytes early".formatted(name, traffic.address(), left), null);
      }
      out.write(buffer, 0, n);
      digest.update(buffer, 0, n);
      left -= n;
      traffic.giveWay();
    }
  }

  private static void digestOf(Path part, long bytes, MessageDigest digest) throws IOException {
    if (bytes == 0) {
      return;
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(part)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
  }

  private static long sizeOf(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
