package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.lease.LeaseFolder;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.remote.ClockEstimate;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.Retention;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A slave on a link of 100 kB/s, by the master's manual clock, which each byte that is sent moves.
 * The master keeps nothing but the newest snapshot, and publishes a new one with each file that the
 * slave asks for: a lease lasts a third of what the whole takes.
 */
class SlowSlaveIT {
  private static final int BYTES_PER_SECOND = 100_000;
  private static final Duration LEASE = Duration.ofSeconds(3);

  @TempDir Path folder;

  private TestMaster master;
  private TestCity boston;
  private SnapshotPublisher publisher;
  private SnapshotServer snapshots;
  private HttpServer http;
  private boolean isLost;

  @BeforeEach
  void start() throws Exception {
    master = new TestMaster(folder.resolve("master"));
    master.options =
        new PublishOptions(
            master.options.stateFile(),
            3,
            new Retention(
                1, Duration.ZERO, Duration.ZERO, Duration.ZERO, LEASE, Retention.UNLIMITED));
    boston = master.city("boston");
    Random random = new Random(5);
    byte[] text = new byte[5000];
    publisher = master.open();
    // Several commits, so that there are several files of 100 kB and more.
    for (int segment = 0; segment < 8; segment++) {
      for (int id = 0; id < 10; id++) {
        random.nextBytes(text);
        boston.put(segment * 100 + id, HexFormat.of().formatHex(text), id);
      }
      publisher.publish(master.commit(boston));
    }
    serve(0);
  }

  private void serve(int port) throws IOException {
    snapshots =
        SnapshotServer.start(
            master.repository(),
            ServeOptions.DEFAULT,
            new ServeLimits(BYTES_PER_SECOND, 32, 0, false),
            master.time,
            new Random(1));
    http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", port),
            HttpSecurity.NONE,
            snapshots.routes(),
            new SystemTime(),
            "test");
  }

  @AfterEach
  void stop() throws Exception {
    stopServing();
    publisher.close();
    master.close();
  }

  private void stopServing() {
    snapshots.close();
    http.close();
  }

  @Test
  void overHttpItsLeaseIsRenewedByTheServer() throws Exception {
    finishes(http.uri().toString(), new SystemTime());
  }

  @Test
  void inAFolderItRenewsItsLeaseItself() throws Exception {
    finishes(master.root.toString(), master.time);
  }

  /** The host lost its power, and what was not forced to disk. */
  @Test
  void aMasterThatBeginsAnewAndLostTheLeasesTakesNothingAway() throws Exception {
    isLost = true;
    finishes(http.uri().toString(), new SystemTime());
    assertThat(isLost).as("it was, once").isFalse();
  }

  private void beginAnew() {
    int port = http.port();
    try {
      stopServing();
      publisher.close();
      Path leases = master.repository().layout().leases();
      assertThat(leases).isNotEmptyDirectory();
      DurableFiles.deleteTree(leases);
      publisher = master.open();
      serve(port);
    } catch (IOException | PublishException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Over HTTP the server's clock counts, in a folder the slave's. */
  private void finishes(String address, Time time) throws Exception {
    Generation first = publisher.current().orElseThrow().generation();
    RemoteAccess access = Slave.PATIENT.access().leasing("node-1");
    Publishing remote =
        new Publishing(RemoteRepository.open(address, Slave.PATIENT.with(access), time));
    try (Slave slave = new Slave(folder.resolve("store"), remote)) {
      slave.restart(new PullOptions(1, 0));
      PullOutcome.Installed installed = slave.pullsNew();

      assertThat(remote.published).isGreaterThan(8);
      assertThat(installed.snapshot().generation()).as("not begun anew").isEqualTo(first);
      assertThat(Slave.isWhole(slave.store())).isPresent();
    }
    assertThat(publisher.current().orElseThrow().generation()).isNotEqualTo(first);
    // Once it has what it wanted, and its time is over, retention decides again.
    master.time.advance(LEASE.plusSeconds(1));
    publish();
    assertThat(master.repository().generations()).doesNotContain(first);
    master.time.advance(LEASE.plusSeconds(1));
    publish();
    assertThat(new LeaseFolder(master.repository().layout()).current(master.time.now())).isEmpty();
  }

  private void publish() {
    try {
      boston.put(1, "one more", 1);
      publisher.publish(master.commit(boston));
    } catch (IOException | PublishException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The remote, beside which the master publishes with every file. */
  private final class Publishing implements RemoteRepository {
    private final RemoteRepository remote;
    private int published;

    Publishing(RemoteRepository remote) {
      this.remote = remote;
    }

    @Override
    public RemotePointer latest(@Nullable String knownTag, Duration wait) throws RemoteException {
      return remote.latest(knownTag, wait);
    }

    @Override
    public byte[] small(String name, long maxBytes) throws RemoteException {
      byte[] bytes = remote.small(name, maxBytes);
      if (name.startsWith("cities/")) {
        if (isLost) {
          isLost = false;
          beginAnew();
        }
        later();
      }
      return bytes;
    }

    @Override
    public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
      RemoteBody body = remote.open(name, offset, sha256);
      later();
      return body;
    }

    /** The folder is as slow as the network. */
    private void later() {
      master.time.advance(Duration.ofSeconds(1));
      publish();
      published++;
    }

    @Override
    public void fetching(@Nullable Generation generation) {
      remote.fetching(generation);
    }

    @Override
    public RemoteRepository metered() {
      return this;
    }

    @Override
    public long bytesReceived() {
      return remote.bytesReceived();
    }

    @Override
    public Optional<ClockEstimate> clock() {
      return remote.clock();
    }

    @Override
    public String address() {
      return remote.address();
    }

    @Override
    public void close() {
      remote.close();
    }
  }
}
