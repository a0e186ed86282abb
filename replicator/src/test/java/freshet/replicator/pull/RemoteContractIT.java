package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.remote.FolderServer;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.remote.RsyncDaemon;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Workers;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a pull may rely on, whichever way it reads a repository. */
class RemoteContractIT {
  /** Ways to read one. */
  enum Way {
    OUR_SERVER,
    PLAIN_WEB_SERVER,
    FOLDER,
    FILE_URL,
    RSYNC
  }

  @TempDir Path folder;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private HandmadeMaster master;
  private RemoteRepository remote;

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePointerIsAbsentThenOfferedThenUnchangedThenAnother(Way way) throws Exception {
    open(way);
    assertThat(remote.latest(null, Duration.ZERO)).isInstanceOf(RemotePointer.Absent.class);
    master.publish(5, "a");
    RemotePointer.Offered first =
        (RemotePointer.Offered) remote.latest(null, Duration.ofSeconds(50));
    assertThat(first.json())
        .isEqualTo(Files.readString(master.root().resolve(RepositoryLayout.LATEST)));
    assertThat(remote.latest(first.tag(), Duration.ofMillis(30)))
        .isInstanceOf(RemotePointer.Unchanged.class);
    try (ExecutorService threads = Workers.virtual("test")) {
      Future<RemotePointer> notice =
          threads.submit(() -> remote.latest(first.tag(), Duration.ofSeconds(50)));
      master.publish(5, "a");
      assertThat(notice.get()).isInstanceOf(RemotePointer.Offered.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileComesFromAPlaceOn(Way way) throws Exception {
    open(way);
    master.publish(500, "a");
    awaitOffer();
    String name = largest();
    byte[] whole = Files.readAllBytes(master.root().resolve(name));
    for (int offset : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      try (RemoteBody body = remote.open(name, offset, Digest.of(whole))) {
        byte[] wanted = Arrays.copyOfRange(whole, (int) body.from(), whole.length);
        assertThat(body.from()).isIn(0L, (long) offset);
        assertThat(body.stream().readAllBytes()).isEqualTo(wanted);
      }
    }
    assertThat(remote.bytesReceived()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void aSmallFileIsBoundedAndWhatIsNotThereIsNotFound(Way way) throws Exception {
    open(way);
    master.publish(5, "a");
    awaitOffer();
    String name = RepositoryLayout.snapshotName(master.current().generation());
    byte[] whole = Files.readAllBytes(master.root().resolve(name));
    assertThat(remote.small(name, whole.length)).isEqualTo(whole);
    assertThatThrownBy(() -> remote.small(name, whole.length - 1))
        .isInstanceOf(RemoteException.Unexpected.class)
        .hasMessageContaining("longer than");
    assertThatThrownBy(() -> remote.small("snapshots/none.json", 10))
        .isInstanceOf(RemoteException.NotFound.class);
    assertThatThrownBy(() -> remote.open("cities/a/none", 0, Digest.ofText("any")))
        .isInstanceOf(RemoteException.NotFound.class);
  }

  @ParameterizedTest
  @EnumSource
  void aPullBringsAWholeSnapshotAndThenTheNextOne(Way way) throws Exception {
    open(way);
    master.withPacks().publish(50, "a", "b", "");
    awaitOffer();
    Slave slave = new Slave(folder.resolve("store"), remote);
    slave.pullsNew();
    slave.isWholeCopyOf(master);
    master.publish(20, "a");
    PullOutcome next = slave.pull();
    while (!(next instanceof PullOutcome.Installed)) {
      next = slave.pull();
    }
    slave.isWholeCopyOf(master);
  }

  @ParameterizedTest
  @EnumSource
  void onceClosedItSaysSo(Way way) throws Exception {
    open(way);
    remote.close();
    assertThatThrownBy(() -> remote.small("LATEST", 10)).isInstanceOf(RemoteException.Closed.class);
    assertThatThrownBy(() -> remote.latest(null, Duration.ZERO))
        .isInstanceOf(RemoteException.Closed.class);
  }

  private void open(Way way) throws Exception {
    master = new HandmadeMaster(folder.resolve("master"));
    remote = RemoteRepository.open(address(way), Slave.PATIENT, new SystemTime());
    opened.push(remote);
  }

  private String address(Way way) throws Exception {
    return switch (way) {
      case OUR_SERVER -> {
        SnapshotServer snapshots =
            SnapshotServer.start(
                new LocalRepository(new RepositoryLayout(master.root())),
                new ServeOptions(
                    Duration.ofMillis(5), Duration.ofSeconds(60), 2, 200, Duration.ofMinutes(10)),
                ServeLimits.DEFAULT,
                new SystemTime(),
                new Random(1));
        HttpServer http =
            HttpServer.start(
                HttpOptions.at("127.0.0.1", 0),
                HttpSecurity.NONE,
                snapshots.routes(),
                new SystemTime(),
                "test");
        opened.push(http);
        opened.push(snapshots);
        yield http.uri().toString();
      }
      case PLAIN_WEB_SERVER -> {
        FolderServer server = new FolderServer(master.root()).plainTags();
        opened.push(server);
        yield server.url();
      }
      case FOLDER -> master.root().toString();
      case FILE_URL -> master.root().toUri().toString();
      case RSYNC -> {
        RsyncDaemon.requireRsync();
        RsyncDaemon daemon = RsyncDaemon.start(master.root(), folder.resolve("rsync"), "");
        opened.push(daemon);
        yield daemon.url();
      }
    };
  }

  private void awaitOffer() throws RemoteException {
    assertThat(remote.latest(null, Duration.ofSeconds(50)))
        .isInstanceOf(RemotePointer.Offered.class);
  }

  private String largest() throws Exception {
    return master.files("a").stream()
        .max(Comparator.comparingLong(name -> master.root().resolve(name).toFile().length()))
        .orElseThrow();
  }
}
