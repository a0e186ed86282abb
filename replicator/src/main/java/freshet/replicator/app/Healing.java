package freshet.replicator.app;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryBusyException;
import freshet.replicator.repository.RepositoryLock;
import freshet.replicator.repository.ScrubReport.Bad;
import freshet.replicator.repository.WorkingLinks;
import freshet.replicator.runtime.IoReason;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts files from elsewhere in the place of bad ones. Safe beside a master and its readers: each
 * comes as a new file, verified, and working indexes that shared the bad one get the good one too.
 */
record Healing(
    LocalRepository repository, RemoteRepository remote, Time time, Consumer<String> say) {

  /** Names of those that are right again. */
  List<String> heal(List<Bad> bad) throws IOException {
    List<String> healed = new ArrayList<>();
    for (Bad one : bad) {
      Digest expected = one.expected();
      if (expected != null && fetch(one.file(), expected)) {
        healed.add(one.file());
      }
    }
    return healed;
  }

  private boolean fetch(String name, Digest expected) throws IOException {
    Path target = repository.layout().resolve(name);
    Path temporary = DurableFiles.temporaryFor(target);
    try (RemoteBody body = remote.open(name, 0, expected)) {
      // It may be gone with all that was in it.
      DurableFiles.createFolders(repository.layout().folderOf(name));
      Files.copy(body.stream(), temporary);
      Digest found = Digest.ofFile(temporary);
      if (!found.equals(expected)) {
        say.accept(
            "%s: %s has it with sha256 %s too".formatted(name, remote.address(), found.brief()));
        return false;
      }
      DurableFiles.syncFile(temporary);
      replace(temporary, target);
      return true;
    } catch (RepositoryBusyException e) {
      throw e;
    } catch (IOException e) {
      say.accept("%s: not healed: %s".formatted(name, IoReason.of(e)));
      return false;
    } finally {
      Files.deleteIfExists(temporary);
    }
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
