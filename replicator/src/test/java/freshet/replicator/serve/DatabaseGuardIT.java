package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.pull.HandmadeMaster;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fifty slaves clone the index over a link of 10 MB/s that the master's connections to its database
 * share: the old story, and how it ends.
 */
class DatabaseGuardIT {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseGuardIT.class);
  private static final int SLAVES = 50;
  private static final int IDLE_SAMPLES = 40;
  private static final Duration BETWEEN = Duration.ofMillis(40);

  @TempDir Path folder;
  private final Time time = new SystemTime();
  private HandmadeMaster master;
  private List<String> files;
  private ServerSocket database;
  private SharedLink link;

  @BeforeEach
  void start() throws Exception {
    master = new HandmadeMaster(folder.resolve("master"));
    master.publish(6000, "a");
    files = master.files("a");
    database = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::greet);
    // 4 MB on the way before the sender notices: 400 ms, as routers have it.
    link = new SharedLink(10_000_000, 4_000_000, Duration.ofMillis(15));
  }

  @AfterEach
  void stop() throws IOException {
    database.close();
    link.close();
  }

  // Fifty clones through a narrow link take as long as they take.
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void whereSlavesCloneHandshakesFareBadlyUnlessTheServerYields() throws Exception {
    Figures off = clone(false);
    Figures on = clone(true);
    LOG.info("guard off: {}; guard on: {}", off, on);

    // The old story.
    assertThat(off.median()).isGreaterThan(off.idle().multipliedBy(10));
    assertThat(on.slowed()).isTrue();
    assertThat(on.median()).isLessThan(off.median().dividedBy(4));
    assertThat(on.cloned()).isEqualTo(SLAVES);
    assertThat(off.slowed()).isFalse();
  }

  /** What a run showed. */
  private record Figures(Duration idle, List<Duration> busy, boolean slowed, int cloned) {
    Duration median() {
      return at(0.5);
    }

    private Duration at(double share) {
      return busy.get((int) (share * (busy.size() - 1)));
    }

    @Override
    public String toString() {
      return "greeting idle %d ms; %d while cloning, median %d ms, p99 %d ms"
          .formatted(idle.toMillis(), busy.size(), median().toMillis(), at(0.99).toMillis());
    }
  }

  private Figures clone(boolean yields) throws Exception {
    ServeLimits limits = new ServeLimits(ServeLimits.UNLIMITED, 32, 0, yields);
    try (SnapshotServer snapshots =
            SnapshotServer.start(
                new LocalRepository(new RepositoryLayout(master.root())),
                ServeOptions.DEFAULT,
                limits,
                time,
                new Random(1));
        HttpServer http =
            HttpServer.start(
                HttpOptions.at("127.0.0.1", 0),
                HttpSecurity.NONE,
                snapshots.routes(),
                time,
                "test");
        ExecutorService threads = Workers.virtual("slave")) {
      int toDatabase = link.portTo(database.getLocalPort());
      String url = "http://127.0.0.1:" + link.portTo(http.port());
      List<Duration> idle = new ArrayList<>();
      while (idle.size() < IDLE_SAMPLES) {
        idle.add(handshake(toDatabase, snapshots.handshakes()));
      }
      List<Future<?>> slaves = new ArrayList<>();
      for (int i = 0; i < SLAVES; i++) {
        slaves.add(threads.submit(() -> cloneAll(url)));
      }
      List<Duration> busy = new ArrayList<>();
      boolean slowed = false;
      while (!slaves.stream().allMatch(Future::isDone)) {
        busy.add(handshake(toDatabase, snapshots.handshakes()));
        slowed |= snapshots.transfers().slowedSince() != null;
      }
      int cloned = 0;
      for (Future<?> slave : slaves) {
        slave.get();
        cloned++;
      }
      Collections.sort(idle);
      Collections.sort(busy);
      return new Figures(idle.get(idle.size() / 2), busy, slowed, cloned);
    }
  }

  /** Fetches what a slave would, several times, without digesting it. */
  private Void cloneAll(String url) throws Exception {
    RemoteOptions options =
        new RemoteOptions(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            1,
            Duration.ofSeconds(1),
            RemoteAccess.DEFAULT.compressing(false));
    try (RemoteRepository remote = RemoteRepository.open(url, options, time)) {
      for (String name : files) {
        fetch(remote, name);
      }
    }
    return null;
  }

  private void fetch(RemoteRepository remote, String name) throws Exception {
    Digest digest = Digest.ofFile(master.root().resolve(name));
    while (true) {
      try (RemoteBody body = remote.open(name, 0, digest)) {
        assertThat(body.stream().readAllBytes())
            .hasSize((int) Files.size(master.root().resolve(name)));
        return;
      } catch (RemoteException.Busy e) {
        time.sleep(e.retryAfter());
      }
    }
  }

  /** How long the database's greeting takes, which the server is told. */
  private Duration handshake(int port, HandshakeWatch watch) throws Exception {
    long start = time.nanoTime();
    boolean isGreeted;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      isGreeted = socket.getInputStream().readNBytes(80).length == 80;
    } catch (IOException e) {
      isGreeted = false;
    }
    Duration took = time.since(start);
    if (isGreeted) {
      watch.took(took);
    } else {
      // The old story has that too.
      watch.failed();
    }
    time.sleep(BETWEEN);
    return took;
  }

  /** As MySQL does: the server speaks first. */
  private void greet() {
    try {
      while (true) {
        try (Socket socket = database.accept()) {
          socket.getOutputStream().write(new byte[80]);
        }
      }
    } catch (IOException e) {
      return;
    }
  }
}
