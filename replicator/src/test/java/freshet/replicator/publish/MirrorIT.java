package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.repository.Retention;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.Generation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History 31: a plain copy, LATEST aside first and installed last, is valid at every moment. */
class MirrorIT {
  private static final int COPIES = 15;

  /** Of the 30 for which files live. */
  private static final int PUBLICATIONS_BESIDE_A_COPY = 20;

  @TempDir Path folder;

  @Test
  void everyLatestThatAMirrorInstallsIsComplete() throws Exception {
    Path mirror = folder.resolve("mirror");
    try (TestMaster master = new TestMaster(folder.resolve("master"));
        ExecutorService publishing = Workers.fixed("publish", 1)) {
      // On the manual clock 100 ms pass with each publication: files live for 30 of them.
      master.options =
          new PublishOptions(
              master.options.stateFile(), 5, new Retention(2, Duration.ofSeconds(3)));
      TestCity berlin = master.city("berlin").put(1, "one", 1);
      TestCity rome = master.city("rome").put(1, "one", 1);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin, rome));
      AtomicBoolean isEnough = new AtomicBoolean();
      Semaphore allowed = new Semaphore(0);
      Future<?> published =
          publishing.submit(
              () -> {
                for (int i = 0; !isEnough.get(); i++) {
                  allowed.acquire();
                  master.time.advance(Duration.ofMillis(100));
                  publisher.publish(
                      master.commit((i % 2 == 0 ? berlin : rome).put(i % 40, "t" + i, i)));
                }
                return null;
              });

      Set<Generation> seen = new HashSet<>();
      int incomplete = 0;
      while (seen.size() < COPIES) {
        // A copy that is slower than retention misses, unnoticed, what went before it was listed.
        allowed.release(PUBLICATIONS_BESIDE_A_COPY - allowed.availablePermits());
        if (copy(master.root, mirror)) {
          seen.add(RepositoryChecks.complete(mirror).generation());
        } else {
          incomplete++;
        }
        assertThat(incomplete).as("copies that were overtaken by collection").isLessThan(200);
      }
      isEnough.set(true);
      allowed.release();
      published.get();
      RepositoryChecks.checkIndexes(master.root);
    }
    RepositoryChecks.checkIndexes(mirror);
  }

  /**
   * As rsync would: new files, gone files, LATEST last. False if a file vanished on the way (rsync
   * exits with 24): LATEST is not installed then.
   */
  private static boolean copy(Path from, Path to) throws IOException {
    byte[] latest = Files.readAllBytes(from.resolve("LATEST"));
    try {
      for (String part : new String[] {"snapshots", "packs", "schemas", "cities"}) {
        copyTree(from.resolve(part), to.resolve(part));
      }
    } catch (NoSuchFileException | java.io.UncheckedIOException e) {
      return false;
    }
    DurableFiles.write(to.resolve("LATEST"), latest);
    return true;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (file.toString().endsWith(DurableFiles.TEMPORARY_SUFFIX)) {
          continue;
        }
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!Files.exists(target)) {
          Files.copy(file, target);
        }
      }
    }
  }
}
