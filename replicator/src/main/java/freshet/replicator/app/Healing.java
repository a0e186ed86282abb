package freshet.replicator.app;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryBusyException;
import freshet.replicator.repository.RepositoryLock;
import freshet.replicator.repository.ScrubReport.Bad;
import freshet.replicator.repository.WorkingLinks;
import freshet.replicator.runtime.IoReason;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Puts files from elsewhere in the place of bad ones. Safe beside a master and its readers: each
 * comes as a new file, verified, and working indexes that shared the bad one get the good one too.
 */
record Healing(
    LocalRepository repository, RemoteRepository remote, Time time, Consumer<String> say) {
  /** More than any manifest has, whose length nothing says. */
  private static final long MOST_BYTES = 64L << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  /** Names of those that are right again. */
  List<String> heal(List<Bad> bad) throws IOException {
    List<String> healed = new ArrayList<>();
    for (Bad one : bad) {
      Digest expected = one.expected();
      Long bytes = one.bytes();
      if (expected != null && fetch(one.file(), expected, bytes == null ? MOST_BYTES : bytes)) {
        healed.add(one.file());
      }
    }
    return healed;
  }

  private boolean fetch(String name, Digest expected, long most) throws IOException {
    Path target = repository.layout().resolve(name);
    Path temporary = DurableFiles.temporaryFor(target);
    try (RemoteBody body = remote.open(name, 0, expected)) {
      // It may be gone with all that was in it.
      DurableFiles.createFolders(repository.layout().folderOf(name));
      Digest found = copy(body.stream(), temporary, most);
      if (!found.equals(expected)) {
        say.accept(
            "%s: not healed: %s has it with another content too (sha256 of its first %,d bytes: %s)"
                .formatted(name, remote.address(), Files.size(temporary), found.brief()));
        return false;
      }
      DurableFiles.syncFile(temporary);
      replace(temporary, target);
      return true;
    } catch (RepositoryBusyException e) {
      throw e;
    } catch (IOException e) {
      say.accept("%s: not healed: %s%s".formatted(name, IoReason.of(e), fix(e)));
      return false;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The message leads to the configuration of a slave, which a verb need not have. */
  private static String fix(IOException e) {
    if (e instanceof RemoteException.Denied) {
      return "; here the token is given by --token-file";
    }
    return e.getCause() instanceof SSLException ? "; here authorities are given by --ca-file" : "";
  }

  /** No more than the file may have: one without an end would fill the disk of a master. */
  private static Digest copy(InputStream in, Path to, long most) throws IOException {
    MessageDigest digest = Digest.start();
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = most;
    try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          break;
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
        left -= n;
      }
    }
    return Digest.finish(digest.digest());
  }

  /** Under the lock nothing is collected between the look at the links and their renewal. */
  private void replace(Path good, Path target) throws IOException {
    ProcessLock lock = RepositoryLock.take(repository, "verify", time);
    try (lock) {
      List<Path> links = WorkingLinks.of(repository, target);
      // Ended in between, a bad file that only the working index has would be published as new.
      WorkingLinks.relink(links, good);
      DurableFiles.rename(good, target);
      if (!links.isEmpty()) {
        say.accept(
            "%s: linked anew; a master that runs has the bad one open until that city's next merge or its restart"
                .formatted(links));
      }
    }
  }
}
