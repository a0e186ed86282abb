package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.remote.FolderServer;
import freshet.replicator.remote.FolderServer.Fault;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from a server that breaks its answers. */
class PullFaultsIT {
  @TempDir Path folder;
  private HandmadeMaster master;
  private FolderServer server;
  private Slave slave;
  private String largest;

  @BeforeEach
  void start() throws IOException {
    master = new HandmadeMaster(folder.resolve("master"));
    master.publish(500, "a");
    server = new FolderServer(master.root());
    slave = new Slave(folder.resolve("store"), server.url());
    largest =
        master.files("a").stream()
            .max((x, y) -> Long.compare(lengthOf(x), lengthOf(y)))
            .orElseThrow();
    assertThat(lengthOf(largest)).isGreaterThan(200_000);
  }

  @AfterEach
  void stop() {
    slave.close();
    server.close();
  }

  @Test
  void aCutBodyIsResumedByRange() throws Exception {
    server.fault(largest, new Fault.Cut(150_000));

    PullOutcome.Installed installed = slave.pullsNew();

    assertThat(resumedAt()).isPositive();
    assertThat(installed.report().bytesFetched()).isLessThan(bytesOfAll() + 50_000);
    slave.isWholeCopyOf(master);
  }

  @Test
  void aCutBodyIsResumedFromAPlainWebServer() throws Exception {
    server.plainTags().fault(largest, new Fault.Cut(150_000));

    PullOutcome.Installed installed = slave.pullsNew();

    assertThat(installed.report().bytesFetched()).isLessThan(bytesOfAll() + 50_000);
    slave.isWholeCopyOf(master);
  }

  @Test
  void aStalledBodyMovesOnWithinItsDeadlineAndResumes() throws Exception {
    notWaitLong();
    server.fault(largest, new Fault.Stall(5000));
    long start = slave.time().nanoTime();

    slave.pullsNew();

    assertThat(slave.time().since(start)).isLessThan(Slave.IMPATIENT.bodyGap().multipliedBy(8));
    assertThat(server.takeRequests()).contains(largest + " bytes=5000-");
    slave.isWholeCopyOf(master);
  }

  @Test
  void whoSendsALittleAndHangsUpIsNotAskedForEver() throws Exception {
    hangUp();

    assertThatThrownBy(slave::pull)
        .isInstanceOfSatisfying(
            PullException.Unavailable.class, e -> assertThat(e.isTransient()).isTrue());
    assertThat(server.takeRequests()).filteredOn(one -> one.startsWith(largest)).hasSize(3);
    // What came is kept all the same.
    assertThat(slave.store().layout().resolve(largest + ".part"))
        .satisfies(part -> assertThat(Files.size(part)).isBetween(1L, 60_000L));
  }

  private void hangUp() {
    server.fault(largest, new Fault.Cut(20_000)).before(largest, this::hangUp);
  }

  @Test
  void whoKnowsNoRangesAndNeverGetsToTheEndIsGivenUp() throws Exception {
    AtomicInteger times = new AtomicInteger();
    server.before(largest, () -> cutAnywhere(times));

    assertThatThrownBy(slave::pull).isInstanceOf(PullException.Unavailable.class);
    assertThat(times).hasValueLessThan(10);
  }

  /** Ends here and there, so that each attempt but the first begins anew and gets as far. */
  private void cutAnywhere(AtomicInteger times) {
    int at = times.incrementAndGet() % 2 == 0 ? 190_000 : 100_000;
    server.fault(largest, new Fault.CutWhole(at)).before(largest, () -> cutAnywhere(times));
  }

  @Test
  void whatAnEarlierProcessFetchedHalfIsResumed() throws Exception {
    notWaitLong();
    server
        .fault(largest, new Fault.Stall(5000))
        .before(
            largest,
            () ->
                server.before(
                    largest, () -> server.fault(largest, new Fault.Status(503, Map.of()))));

    assertThatThrownBy(slave::pull)
        .isInstanceOfSatisfying(
            PullException.Unavailable.class, e -> assertThat(e.isTransient()).isTrue());
    assertThat(slave.held()).isEmpty();
    slave.restart();
    server.takeRequests();
    slave.pullsNew();

    assertThat(server.takeRequests()).contains(largest + " bytes=5000-").doesNotContain(largest);
    slave.isWholeCopyOf(master);
  }

  @Test
  void aFlippedBitInTransitIsNoticedAndFetchedAgain() throws Exception {
    server.fault(largest, new Fault.Flip(77));
    String manifest = RepositoryLayout.snapshotName(master.current().generation());
    server.fault(manifest, new Fault.Flip(40));
    String city =
        RepositoryLayout.cityManifestName(master.current().cities().firstEntry().getValue());
    server.fault(city, new Fault.Flip(99));

    slave.pullsNew();

    List<String> requests = server.takeRequests();
    for (String name : List.of(largest, manifest, city)) {
      assertThat(requests).filteredOn(name::equals).hasSize(2);
    }
    slave.isWholeCopyOf(master);
  }

  @Test
  void aFileThatStaysDamagedFailsThePullByName() throws Exception {
    byte[] bytes = Files.readAllBytes(master.root().resolve(largest));
    bytes[17] ^= 1;
    Files.delete(master.root().resolve(largest));
    Files.write(master.root().resolve(largest), bytes);

    assertThatThrownBy(slave::pull)
        .isInstanceOf(PullException.Damaged.class)
        .hasMessageContaining(largest)
        .hasMessageContaining("fetched 3 times with a wrong content");
    assertThat(slave.held()).isEmpty();
    assertThat(slave.store().layout().resolve(largest)).doesNotExist();
  }

  @Test
  void aGenerationCollectedInMidPullIsReplacedByTheNewerOne() throws Exception {
    server.before(
        largest,
        () -> {
          try {
            master.newIncarnation("a");
            master.fullEvery(1).publish(10, "a");
            master.collect();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });

    PullOutcome.Installed installed = slave.pullsNew();

    assertThat(installed.snapshot()).isEqualTo(master.current());
    slave.isWholeCopyOf(master);
  }

  @Test
  void aFileThatIsMissingForGoodIsSaid() throws Exception {
    Files.delete(master.root().resolve(largest));

    assertThatThrownBy(slave::pull)
        .isInstanceOfSatisfying(
            PullException.Superseded.class, e -> assertThat(e.isTransient()).isTrue())
        .hasMessageContaining(largest);
  }

  private void notWaitLong() {
    slave.close();
    slave =
        new Slave(
            folder.resolve("store"),
            RemoteRepository.open(server.url(), Slave.IMPATIENT, new SystemTime()));
  }

  private long resumedAt() {
    return server.takeRequests().stream()
        .filter(request -> request.startsWith(largest + " bytes="))
        .mapToLong(request -> Long.parseLong(request.replaceAll(".*=([0-9]+)-", "$1")))
        .findFirst()
        .orElse(0);
  }

  private long lengthOf(String name) {
    try {
      return Files.size(master.root().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long bytesOfAll() throws IOException {
    long bytes = 0;
    try (var files = Files.walk(master.root())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
