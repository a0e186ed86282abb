package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.FaultyFileSystem;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fails every file operation of an opening and of what follows, one after the other: a publication
 * and a refresh, a rollback.
 */
class PublishFaultsIT {
  @TempDir Path folder;

  /**
   * What a publisher is asked to do, and to do again after the fault.
   *
   * @param before documents of the snapshot that it begins with
   * @param after documents of the one that it ends with
   * @param cities of that
   */
  private record Work(Task task, long before, long after, int cities) {}

  private interface Task {
    void run(TestMaster master, FaultyFileSystem disk, SnapshotPublisher publisher)
        throws PublishException, IOException;
  }

  @ParameterizedTest
  @EnumSource
  void everyFailedOperationLeavesTheOldSnapshotOrTheNewOne(FaultyFileSystem.Mode mode)
      throws Exception {
    try (TestMaster master = new TestMaster(folder.resolve("base"))) {
      TestCity berlin = master.city("berlin").put(1, "one", 10).put(2, "two", 20);
      TestCity paris = master.city("paris").put(3, "three", 30);
      PublishRequest first = master.commit(berlin, paris);
      master.open().publish(first);
      Generation old = RepositoryChecks.generation(master.root);
      TestCity rome = master.city("rome").put(5, "five", 50);
      PublishRequest second = master.commit(berlin.put(4, "four", 40).remove(1), rome);
      Task publish =
          (unused, disk, publisher) -> {
            publisher.publish(through(disk, second));
            publisher.refresh(FreshnessClaim.NONE);
          };

      failEverywhere(master, mode, old, new Work(publish, 3, 4, 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRollbackHappensWhollyOrNot(FaultyFileSystem.Mode mode) throws Exception {
    try (TestMaster master = new TestMaster(folder.resolve("base"))) {
      TestCity berlin = master.city("berlin").put(1, "one", 10).put(2, "two", 20);
      TestCity rome = master.city("rome").put(5, "five", 50);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin));
      Generation good = RepositoryChecks.generation(master.root);
      publisher.publish(master.commit(berlin.put(3, "three", 30), rome));
      publisher.close();
      Task goBack =
          (broken, disk, again) -> {
            Snapshot to = broken.repository().snapshot(good).orElseThrow();
            again.rollBack(to, Set.of(berlin.city(), rome.city()));
          };

      failEverywhere(
          master, mode, RepositoryChecks.generation(master.root), new Work(goBack, 4, 2, 1));
    }
  }

  private void failEverywhere(
      TestMaster master, FaultyFileSystem.Mode mode, Generation old, Work work) throws Exception {
    int operations = 0;
    for (int n = 1; operations == 0 || n <= operations; n++) {
      Path copy = copy(master.folder, folder.resolve(mode + "-" + n));
      operations = Math.max(operations, fail(copy, n, mode, old, work));
    }
    assertThat(operations).isGreaterThan(40);
  }

  /** Fails the Nth operation of a copied master; returns how many there were until the end. */
  private static int fail(Path copy, int n, FaultyFileSystem.Mode mode, Generation old, Work work)
      throws Exception {
    FaultyFileSystem faulty = new FaultyFileSystem();
    TestMaster broken = new TestMaster(faulty.wrap(copy));
    faulty.failAt(n, mode);
    int operations = 0;
    SnapshotPublisher publisher = null;
    try {
      publisher = broken.open();
      work.task.run(broken, faulty, publisher);
      operations = faulty.count();
    } catch (PublishException e) {
      assertThat(e)
          .as("operation %d: %s", n, faulty.operations())
          .isInstanceOf(PublishException.DiskFailed.class);
    } catch (FaultyFileSystem.Injected e) {
      // Before the publisher was asked.
      assertThat(e).as("operation %d: %s", n, faulty.operations()).isNotNull();
    }
    String where = "%s at operation %d of %s".formatted(mode, n, faulty.operations());
    Snapshot after = RepositoryChecks.complete(copy.resolve("repository"));
    boolean isNew = after.generation().isAfter(old);
    assertThat(after.documents()).as(where).isEqualTo(isNew ? work.after : work.before);

    faulty.failAt(0, mode);
    if (mode == FaultyFileSystem.Mode.ONCE && publisher != null) {
      work.task.run(broken, faulty, publisher);
    } else {
      work.task.run(broken, faulty, new TestMaster(faulty.wrap(copy)).open());
    }
    Snapshot end = RepositoryChecks.complete(copy.resolve("repository"));
    assertThat(end.documents()).as(where).isEqualTo(work.after);
    assertThat(end.cities()).as(where).hasSize(work.cities);
    assertThat(end.generation().epoch()).as(where).isEqualTo(old.epoch());
    new TestMaster(faulty.wrap(copy)).open();
    assertThat(halfWritten(copy)).as(where).isEmpty();
    if (n % 10 == 1) {
      // Every digest was right already; Lucene's own look at the same bytes is a sample.
      RepositoryChecks.checkIndexes(copy.resolve("repository"));
    }
    return operations;
  }

  private static PublishRequest through(FaultyFileSystem faulty, PublishRequest request) {
    List<CityCommit> commits =
        request.commits().stream().map(c -> TestCity.in(c, faulty.wrap(c.folder()))).toList();
    return new PublishRequest(
        commits,
        request.removed(),
        request.schema(),
        request.position(),
        request.behind(),
        request.claim());
  }

  private static List<Path> halfWritten(Path copy) throws IOException {
    LocalRepository repository =
        new LocalRepository(new RepositoryLayout(copy.resolve("repository")));
    try (Stream<Path> files = Files.walk(repository.layout().root())) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  /** A copy of repository and state; the index files stay links of the working index. */
  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files
          .filter(file -> !file.startsWith(from.resolve("work")))
          .forEach(
              file -> {
                Path target = to.resolve(from.relativize(file));
                boolean isIndexFile =
                    file.toString().contains("cities") && !file.toString().endsWith(".json");
                try {
                  if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                  } else if (isIndexFile) {
                    Files.createLink(target, file);
                  } else {
                    Files.copy(file, target);
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return to;
  }
}
