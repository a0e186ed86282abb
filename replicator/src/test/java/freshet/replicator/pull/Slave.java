package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** A store with its puller, and what must hold of a store. */
final class Slave implements AutoCloseable {
  /** No machine is so busy that it seems to hang. */
  static final RemoteOptions PATIENT = options(Duration.ofSeconds(20));

  /** Notices soon that a server hangs. */
  static final RemoteOptions IMPATIENT = options(Duration.ofMillis(300));

  private final Time time = new SystemTime();
  private final LocalRepository store;
  private final RemoteRepository remote;
  private Puller puller;

  Slave(Path root, String address) {
    this(root, RemoteRepository.open(address, PATIENT, new SystemTime()));
  }

  Slave(Path root, RemoteRepository remote) {
    this.store = new LocalRepository(new RepositoryLayout(root));
    this.remote = remote;
    restart();
  }

  private static RemoteOptions options(Duration bodyGap) {
    return new RemoteOptions(
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        bodyGap,
        1,
        Duration.ofMillis(20),
        RemoteAccess.DEFAULT);
  }

  Time time() {
    return time;
  }

  LocalRepository store() {
    return store;
  }

  /** As if the process had ended and another had begun. */
  void restart() {
    restart(new PullOptions(4, 0));
  }

  void restart(PullOptions options) {
    restart(options, installed -> {});
  }

  void restart(Puller.Collection collection) {
    restart(new PullOptions(4, 0), collection);
  }

  List<String> unmatchedGlobs() {
    return puller.unmatchedGlobs();
  }

  PackHealth packs() {
    return puller.packs();
  }

  void restart(PullOptions options, Puller.Collection collection) {
    puller = new Puller(remote, store, options, time, new StopSignal(), collection);
  }

  PullOutcome pull() throws PullException {
    return puller.pull(Duration.ZERO);
  }

  PullOutcome pull(Consumer<PullOutcome> listener) throws PullException {
    return puller.pull(puller.latest(Duration.ZERO), listener);
  }

  PullOutcome.Installed pullsNew() throws PullException {
    PullOutcome outcome = pull();
    assertThat(outcome).isInstanceOf(PullOutcome.Installed.class);
    return (PullOutcome.Installed) outcome;
  }

  Refusal refusal() throws PullException {
    PullOutcome outcome = pull();
    assertThat(outcome).isInstanceOf(PullOutcome.Refused.class);
    return ((PullOutcome.Refused) outcome).refusal();
  }

  /** Why a pull came to nothing: what it threw, or refused. */
  String complaint() {
    try {
      return refusal().explain();
    } catch (PullException e) {
      return String.valueOf(e.getMessage());
    }
  }

  Optional<Generation> held() throws IOException {
    return store.latest().map(Advertisement::generation);
  }

  void isWholeCopyOf(HandmadeMaster master) throws IOException {
    assertThat(isWhole(store)).contains(master.current());
    assertThat(store.layout().latest())
        .hasBinaryContent(Files.readAllBytes(master.root().resolve("LATEST")));
  }

  /** Checks every byte and every index of what LATEST names, and gives that snapshot. */
  static Optional<Snapshot> isWhole(LocalRepository store) throws IOException {
    Optional<Snapshot> snapshot = store.latestSnapshot();
    if (snapshot.isEmpty()) {
      return snapshot;
    }
    store.schema(snapshot.get().manifest().schema());
    for (CityEntry entry : snapshot.get().cities().values()) {
      CityManifest city = store.cityManifest(entry);
      Path folder = store.layout().incarnation(entry.city(), entry.incarnation());
      for (FileEntry file : city.files()) {
        assertThat(Digest.ofFile(folder.resolve(file.name()))).isEqualTo(file.sha256());
      }
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
      }
      try (Directory directory = FSDirectory.open(folder);
          CheckIndex check = new CheckIndex(directory)) {
        CheckIndex.Status status = check.checkIndex();
        assertThat(status.clean).isTrue();
        assertThat(status.segmentsFileName).isEqualTo(city.segmentsFile());
      }
    }
    return snapshot;
  }

  @Override
  public void close() {
    remote.close();
  }
}
