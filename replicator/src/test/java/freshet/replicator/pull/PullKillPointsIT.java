package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.files.FaultyFileSystem;
import freshet.replicator.remote.ClockEstimate;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** History 30: a pull fails, or its process dies, at every operation on the store's files. */
class PullKillPointsIT {
  private static final PullOptions OPTIONS = new PullOptions(2, 0);
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ONCE, false",
    "CRASH, false",
    "CRASH_AFTER, false",
    "ONCE, true",
    "CRASH, true",
    "CRASH_AFTER, true"
  })
  void whereverAPullEndsTheStoreIsWholeAndTheNextOneFinishes(
      FaultyFileSystem.Mode mode, boolean packs) throws Exception {
    HandmadeMaster master = new HandmadeMaster(folder.resolve("master"));
    if (packs) {
      master.withPacks();
    }
    master.publish(3, "a", "b");
    Path template = folder.resolve("template");
    Recorder remote = new Recorder(master.root());
    pull(remote, template);
    Snapshot old = master.current();
    master.publish(3, "a");
    if (!packs) {
      master.newIncarnation("b");
      master.publish(1, "b");
    }

    int operation = 0;
    boolean isReached = true;
    while (isReached) {
      operation++;
      Path root = folder.resolve("store-" + operation);
      copy(template, root);
      FaultyFileSystem faulty = new FaultyFileSystem();
      faulty.failAt(operation, mode);
      try {
        pull(remote, faulty.wrap(root));
      } catch (PullException e) {
        assertThat(e).isInstanceOf(PullException.StoreFailed.class);
        assertThat(e).hasRootCauseInstanceOf(FaultyFileSystem.Injected.class);
      }
      isReached = faulty.count() >= operation;

      LocalRepository store = new LocalRepository(new RepositoryLayout(root));
      assertThat(snapshotOf(store))
          .as("after a failure at operation %d", operation)
          .isIn(old, master.current());
      List<String> verified = verifiedOf(store, master);
      remote.requests.clear();
      pull(remote, root);
      assertThat(remote.requests)
          .as("after a failure at operation %d", operation)
          .doesNotContainAnyElementsOf(verified);
      assertThat(snapshotOf(store)).isEqualTo(master.current());
      if (!isReached) {
        // The bytes are the same every time, so that one look by Lucene will do.
        assertThat(Slave.isWhole(store)).contains(master.current());
      }
    }
    assertThat(operation).isGreaterThan(50);
  }

  private static PullOutcome pull(RemoteRepository remote, Path root) throws PullException {
    return new Puller(
            remote,
            new LocalRepository(new RepositoryLayout(root)),
            OPTIONS,
            new SystemTime(),
            new StopSignal(),
            installed -> {})
        .pull(Duration.ZERO);
  }

  /** The snapshot of the store, every digest checked, unfinished files beside it allowed. */
  private static Snapshot snapshotOf(LocalRepository store) throws IOException {
    Snapshot snapshot = store.latestSnapshot().orElseThrow();
    for (CityEntry entry : snapshot.cities().values()) {
      for (FileEntry file : store.cityManifest(entry).files()) {
        Path path = store.layout().resolve(HandmadeMaster.nameOf(entry, file));
        assertThat(Digest.ofFile(path)).isEqualTo(file.sha256());
      }
    }
    return snapshot;
  }

  /** Names in the store with the content that they have at the master. */
  private static List<String> verifiedOf(LocalRepository store, HandmadeMaster master)
      throws IOException {
    List<String> verified = new ArrayList<>();
    try (Stream<Path> files = Files.walk(master.root())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = master.root().relativize(file).toString();
        Path here = store.layout().resolve(name);
        if (!name.equals("LATEST") && Files.exists(here)) {
          assertThat(Files.mismatch(file, here)).as(name).isEqualTo(-1);
          verified.add(name);
        }
      }
    }
    return verified;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** A folder that remembers what was asked of it. */
  private static final class Recorder implements RemoteRepository {
    private final RemoteRepository folder;
    private final List<String> requests = java.util.Collections.synchronizedList(new ArrayList<>());

    Recorder(Path root) {
      folder = RemoteRepository.open(root.toString(), RemoteOptions.defaults(), new SystemTime());
    }

    @Override
    public RemotePointer latest(@Nullable String knownTag, Duration wait) throws RemoteException {
      return folder.latest(knownTag, wait);
    }

    @Override
    public byte[] small(String name, long maxBytes) throws RemoteException {
      requests.add(name);
      return folder.small(name, maxBytes);
    }

    @Override
    public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
      requests.add(name);
      return folder.open(name, offset, sha256);
    }

    @Override
    public RemoteRepository metered() {
      return this;
    }

    @Override
    public long bytesReceived() {
      return folder.bytesReceived();
    }

    @Override
    public Optional<ClockEstimate> clock() {
      return Optional.empty();
    }

    @Override
    public String address() {
      return folder.address();
    }

    @Override
    public void close() {}
  }
}
