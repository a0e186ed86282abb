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
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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
    "ONCE, NONE",
    "CRASH, NONE",
    "CRASH_AFTER, NONE",
    "ONCE, SOUND",
    "CRASH, SOUND",
    "CRASH_AFTER, SOUND",
    "ONCE, FORGED",
    "CRASH_AFTER, FORGED"
  })
  void whereverAPullEndsTheStoreIsWholeAndTheNextOneFinishes(
      FaultyFileSystem.Mode mode, Packed packed) throws Exception {
    HandmadeMaster master = new HandmadeMaster(folder.resolve("master"));
    if (packed != Packed.NONE) {
      master.withPacks();
    }
    master.publish(3, "a", "b");
    Path template = folder.resolve("template");
    Recorder remote = new Recorder(master.root());
    pull(remote, template);
    Snapshot old = master.current();
    if (packed == Packed.FORGED) {
      master.hostilePacks();
    }
    master.publish(3, "a");
    String pack = RepositoryLayout.packName(master.current().generation());
    if (packed == Packed.NONE) {
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
      if (packed == Packed.FORGED) {
        assertThat(store.layout().resolve(pack)).as("operation %d", operation).doesNotExist();
      }
      if (!isReached) {
        // The bytes are the same every time, so that one look by Lucene will do.
        assertThat(Slave.isWhole(store)).contains(master.current());
      }
    }
    assertThat(operation).isGreaterThan(50);
  }

  /** The way to the remote is cut in each of its answers, before it, in it, and for good. */
  @ParameterizedTest
  @CsvSource({"ONCE, false", "ONCE, true", "FOR_GOOD, false", "FOR_GOOD, true"})
  void whereverTheWayIsCutNothingVerifiedIsFetchedAgain(Cut cut, boolean packs) throws Exception {
    HandmadeMaster master = new HandmadeMaster(folder.resolve("master"));
    if (packs) {
      master.withPacks();
    }
    master.publish(3, "a", "b");
    Path template = folder.resolve("template");
    Recorder remote = new Recorder(master.root());
    pull(remote, template);
    Snapshot old = master.current();
    master.publish(3, "a", "c");

    int answer = 0;
    boolean isReached = true;
    while (isReached) {
      answer++;
      Path root = folder.resolve("store-" + answer);
      copy(template, root);
      remote.cutAt(answer, cut);
      try {
        pull(remote, root);
      } catch (PullException e) {
        assertThat(e).as("cut at answer %d", answer).isInstanceOf(PullException.Unavailable.class);
        assertThat(e.isTransient()).isTrue();
      }
      isReached = remote.answers() >= answer;
      remote.cutAt(0, cut);

      LocalRepository store = new LocalRepository(new RepositoryLayout(root));
      assertThat(snapshotOf(store)).as("cut at answer %d", answer).isIn(old, master.current());
      List<String> verified = verifiedOf(store, master);
      remote.requests.clear();
      pull(remote, root);
      assertThat(remote.requests)
          .as("cut at answer %d", answer)
          .doesNotContainAnyElementsOf(verified);
      assertThat(snapshotOf(store)).isEqualTo(master.current());
    }
    assertThat(answer).isGreaterThan(packs ? 3 : 10);
  }

  /** What the pack of the generation that is pulled is like. */
  enum Packed {
    NONE,
    SOUND,
    FORGED
  }

  /** For how long nothing comes. */
  enum Cut {
    ONCE,
    FOR_GOOD
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
  static List<String> verifiedOf(LocalRepository store, HandmadeMaster master) throws IOException {
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

  /**
   * A folder that remembers what was asked of it, and whose answers can be cut: a small one before
   * it comes, a body after its first bytes.
   */
  private static final class Recorder implements RemoteRepository {
    private final RemoteRepository folder;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger answers = new AtomicInteger();
    private volatile int cutAt;
    private volatile Cut cut = Cut.ONCE;

    Recorder(Path root) {
      folder = RemoteRepository.open(root.toString(), RemoteOptions.defaults(), new SystemTime());
    }

    /** Counts from 1 from here on; 0 cuts nothing. */
    void cutAt(int answer, Cut how) {
      answers.set(0);
      cutAt = answer;
      cut = how;
    }

    int answers() {
      return answers.get();
    }

    private boolean isCut() {
      int now = answers.incrementAndGet();
      return cutAt > 0 && (now == cutAt || (now > cutAt && cut == Cut.FOR_GOOD));
    }

    private static RemoteException.Lost lost(String name) {
      return new RemoteException.Lost(name + " was cut", null);
    }

    @Override
    public RemotePointer latest(@Nullable String knownTag, Duration wait) throws RemoteException {
      if (isCut()) {
        throw lost(RepositoryLayout.LATEST);
      }
      return folder.latest(knownTag, wait);
    }

    @Override
    public byte[] small(String name, long maxBytes) throws RemoteException {
      requests.add(name);
      if (isCut()) {
        throw lost(name);
      }
      return folder.small(name, maxBytes);
    }

    @Override
    public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
      requests.add(name);
      RemoteBody body = folder.open(name, offset, sha256);
      return isCut() ? new RemoteBody(body.from(), new CutShort(body.stream(), name)) : body;
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

  /** A stream that breaks off after its first bytes. */
  private static final class CutShort extends FilterInputStream {
    private static final int SOME_BYTES = 100;

    private final String name;
    private boolean isOver;

    CutShort(InputStream in, String name) {
      super(in);
      this.name = name;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (isOver) {
        throw Recorder.lost(name);
      }
      isOver = true;
      return super.read(buffer, offset, Math.min(length, SOME_BYTES));
    }
  }
}
