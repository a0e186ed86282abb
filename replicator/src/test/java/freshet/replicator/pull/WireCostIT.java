package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.remote.CountingProxy;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pulls cost on the wire, counted between slave and server. */
class WireCostIT {
  @TempDir Path folder;
  private HandmadeMaster master;
  private SnapshotServer snapshots;
  private HttpServer http;
  private CountingProxy wire;
  private Slave slave;

  @BeforeEach
  void start() throws Exception {
    master = new HandmadeMaster(folder.resolve("master")).withPacks();
    master.publish(200, "a", "b", "c", "d");
    snapshots =
        SnapshotServer.start(
            new LocalRepository(new RepositoryLayout(master.root())),
            ServeOptions.DEFAULT,
            ServeLimits.DEFAULT,
            new SystemTime(),
            new Random(1));
    http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            HttpSecurity.NONE,
            snapshots.routes(),
            new SystemTime(),
            "test");
    wire = new CountingProxy(http.port());
    slave = new Slave(folder.resolve("store"), wire.url());
    slave.pullsNew();
    wire.takeBytes();
    wire.takeRequests();
  }

  @AfterEach
  void stop() throws Exception {
    slave.close();
    wire.close();
    snapshots.close();
    http.close();
  }

  @Test
  void nothingNewIsOneRequestOfLessThanAKilobyte() throws Exception {
    assertThat(slave.pull()).isInstanceOf(PullOutcome.UpToDate.class);

    assertThat(wire.takeRequests()).isEqualTo(1);
    assertThat(wire.takeBytes()).isBetween(1L, 1_000L);
  }

  @Test
  void severalGenerationsBehindAreThreeRequestsEach() throws Exception {
    for (int behind : new int[] {2, 3, 7}) {
      long packs = 0;
      for (int i = 0; i < behind; i++) {
        master.publish(2, i % 2 == 0 ? new String[] {"a", "b"} : new String[] {"b", "c", "d"});
        packs +=
            Files.size(
                master.root().resolve(RepositoryLayout.packName(master.current().generation())));
      }
      snapshots.latestChanged();
      slave.pullsNew();

      assertThat(wire.takeRequests()).isLessThanOrEqualTo(3L * behind);
      assertThat(wire.takeBytes()).isBetween(packs, packs + 4_000L * behind + 4_000);
    }
    slave.isWholeCopyOf(master);
  }

  @Test
  void aGenerationIsThreeRequests() throws Exception {
    for (int i = 0; i < 10; i++) {
      master.publish(2, i % 2 == 0 ? new String[] {"a"} : new String[] {"b", "c", "d"});
      snapshots.latestChanged();
      PullOutcome.Installed installed = slave.pullsNew();

      long pack =
          Files.size(
              master.root().resolve(RepositoryLayout.packName(master.current().generation())));
      assertThat(wire.takeRequests()).isLessThanOrEqualTo(3);
      // Headers, LATEST and the manifest beside it.
      assertThat(wire.takeBytes()).isBetween(pack, pack + 8_000);
      assertThat(installed.report().bytesFetched()).isBetween(pack, pack + 4_000);
    }
    slave.isWholeCopyOf(master);
  }
}
