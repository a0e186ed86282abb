package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.FolderServer;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.RepositoryCollector;
import freshet.replicator.repository.Retention;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullIT {
  @TempDir Path folder;
  private HandmadeMaster master;
  private FolderServer server;
  private Slave slave;

  @BeforeEach
  void start() throws IOException {
    master = new HandmadeMaster(folder.resolve("master"));
    server = new FolderServer(master.root());
    slave = new Slave(folder.resolve("store"), server.url());
  }

  @AfterEach
  void stop() {
    slave.close();
    server.close();
  }

  @Test
  void aFirstPullBringsEverything() throws Exception {
    master.publish(20, "a", "b", "");

    PullOutcome.Installed installed = slave.pullsNew();

    assertThat(installed.snapshot()).isEqualTo(master.current());
    assertThat(installed.report().filesFetched()).isPositive();
    slave.isWholeCopyOf(master);
  }

  @Test
  void anIncrementFetchesOnlyNewFiles() throws Exception {
    master.publish(20, "a", "b", "c");
    slave.pullsNew();
    List<String> old = master.files("a");
    master.publish(5, "a");
    server.takeRequests();

    slave.pullsNew();

    List<String> wanted = new ArrayList<>(master.files("a"));
    wanted.removeAll(old);
    assertThat(server.takeRequests())
        .filteredOn(name -> !name.endsWith(".json") && !name.equals("LATEST"))
        .containsExactlyInAnyOrderElementsOf(wanted);
    slave.isWholeCopyOf(master);
  }

  @Test
  void aSlaveOneGenerationBehindTakesThePackInThreeRequests() throws Exception {
    master.withPacks().publish(20, "a", "b", "c");
    slave.pullsNew();
    master.publish(5, "a", "b", "c");
    server.takeRequests();

    PullOutcome.Installed installed = slave.pullsNew();

    Generation generation = master.current().generation();
    assertThat(server.takeRequests())
        .containsExactly(
            "LATEST",
            RepositoryLayout.snapshotName(generation),
            RepositoryLayout.packName(generation));
    assertThat(installed.report().filesFetched()).isZero();
    assertThat(installed.report().filesPacked()).isPositive();
    slave.isWholeCopyOf(master);
  }

  @Test
  void aPackThatIsGoneOrWrongIsNoObstacle() throws Exception {
    master.withPacks().publish(20, "a");
    slave.pullsNew();
    master.publish(5, "a");
    Files.delete(master.root().resolve(RepositoryLayout.packName(master.current().generation())));

    assertThat(slave.pullsNew().report().filesPacked()).isZero();
    slave.isWholeCopyOf(master);
  }

  @Test
  void nothingOfferedIsNotEmpty() throws Exception {
    assertThat(slave.pull()).isInstanceOf(PullOutcome.Nothing.class);

    master.publish(3, "a");
    slave.pullsNew();
    Files.delete(master.root().resolve("LATEST"));

    assertThat(slave.pull()).isInstanceOf(PullOutcome.Nothing.class);
    assertThat(slave.held()).contains(master.current().generation());
    assertThat(Slave.isWhole(slave.store())).contains(master.current());
  }

  @Test
  void aQuietMasterRefreshesTheStoresClaimAndNothingElse() throws Exception {
    master.publish(3, "a");
    slave.pullsNew();
    var fresher = master.refresh();
    server.takeRequests();

    assertThat(slave.pull())
        .isInstanceOfSatisfying(
            PullOutcome.UpToDate.class,
            outcome -> assertThat(outcome.advertisement()).isEqualTo(fresher));
    assertThat(server.takeRequests()).containsExactly("LATEST");
    assertThat(slave.store().latest()).contains(fresher);
    assertThat(slave.pull()).isInstanceOf(PullOutcome.UpToDate.class);
  }

  @Test
  void aSlaveThatSkipsGenerationsFetchesNoFileTwice() throws Exception {
    master.fullEvery(7).publish(20, "a", "b");
    slave.pullsNew();
    for (int skipped : List.of(1, 10, 100)) {
      List<String> old = new ArrayList<>(master.files("a"));
      old.addAll(master.files("b"));
      for (int i = 0; i < skipped; i++) {
        master.publish(1, "a");
      }
      master.publish(1, "b");
      server.takeRequests();

      slave.pullsNew();

      assertThat(server.takeRequests()).doesNotContainAnyElementsOf(old);
      slave.isWholeCopyOf(master);
    }
  }

  @Test
  void aNewIncarnationOfTheSameFilesIsLinkedNotFetched() throws Exception {
    master.publish(20, "a");
    slave.pullsNew();
    master.newIncarnation("a");
    master.publish(1, "a");

    PullOutcome.Installed installed = slave.pullsNew();

    assertThat(installed.report().filesLinked()).isPositive();
    slave.isWholeCopyOf(master);
  }

  @Test
  void anotherRepositoryIsRefusedWhileTheStoreKeepsItsSnapshot() throws Exception {
    master.publish(3, "a");
    slave.pullsNew();
    Generation before = master.current().generation();
    master.id(new RepositoryId("00000000000000bb")).publish(3, "a");

    assertThat(slave.pull())
        .isInstanceOfSatisfying(
            PullOutcome.Refused.class,
            refused ->
                assertThat(refused.refusal().explain())
                    .isEqualTo(
                        "the remote is repository 00000000000000bb, this store follows"
                            + " 00000000000000aa: correct the remote's address, or follow the other"
                            + " one on purpose with an empty store"));
    assertThat(slave.held()).contains(before);
  }

  @Test
  void aLowerGenerationOrEpochIsRefusedAlsoAfterLatestWasRemoved() throws Exception {
    master.epoch(2).number(5).publish(3, "a");
    slave.pullsNew();
    master.number(3).fullEvery(1).publish(1, "a");

    assertThat(slave.refusal()).isInstanceOf(Refusal.Older.class);
    Files.delete(slave.store().layout().latest());
    slave.restart();
    assertThat(slave.refusal()).isInstanceOf(Refusal.Older.class);
    master.epoch(1).number(100).publish(1, "a");
    assertThat(slave.refusal().explain()).contains("bin/indexer takeover");
    master.epoch(3).number(1).publish(1, "a");
    slave.pullsNew();
    slave.isWholeCopyOf(master);
  }

  @Test
  void oneGenerationWithTwoContentsIsRefused() throws Exception {
    master.publish(3, "a");
    slave.pullsNew();
    master.number(0).fullEvery(1).publish(1, "a");

    assertThat(slave.refusal()).isInstanceOf(Refusal.Conflicting.class);
  }

  @Test
  void aStaleMirrorMakesTheStoreNoStaler() throws Exception {
    master.publish(3, "a");
    byte[] stale = Files.readAllBytes(master.root().resolve("LATEST"));
    var fresh = master.refresh();
    slave.pullsNew();
    DurableFiles.write(master.root().resolve("LATEST"), stale);

    assertThat(slave.pull()).isInstanceOf(PullOutcome.UpToDate.class);
    assertThat(slave.store().latest()).contains(fresh);
  }

  @Test
  void aNewerFormatIsRefusedWithWhatItNeeds() throws Exception {
    master.publish(3, "a");
    slave.pullsNew();
    Path latest = master.root().resolve("LATEST");
    Files.writeString(
        latest, Files.readString(latest).replace("\"minReader\":1", "\"minReader\":2"));

    assertThat(slave.refusal().explain()).contains("reader of format 2", "upgrade Freshet here");
  }

  @Test
  void aDiskThatIsTooSmallIsLeftAlone() throws Exception {
    master.publish(3, "a");
    slave.restart(new PullOptions(4, Long.MAX_VALUE / 2));

    assertThat(slave.refusal()).isInstanceOf(Refusal.LowDisk.class);
    assertThat(slave.held()).isEmpty();
    assertThat(server.takeRequests()).containsExactly("LATEST");
  }

  @Test
  void whatWasRemovedFromTheStoreIsFetchedAgainAtTheNextStart() throws Exception {
    master.publish(3, "a", "b");
    slave.pullsNew();
    String file = master.files("b").getFirst();
    Files.delete(slave.store().layout().resolve(file));
    Files.delete(slave.store().layout().latest());
    slave.restart();
    server.takeRequests();

    slave.pullsNew();

    assertThat(server.takeRequests()).containsExactly("LATEST", file);
    slave.isWholeCopyOf(master);
  }

  @Test
  void aPackWritesOnlyWhatAManifestNames() throws Exception {
    master.withPacks().publish(3, "a");
    slave.pullsNew();
    master.hostilePacks().publish(3, "a");

    assertThat(slave.pullsNew().report().filesPacked()).isPositive();

    slave.isWholeCopyOf(master);
    try (var files = Files.walk(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("evil"));
    }
  }

  @Test
  void whatNoKeptSnapshotNamesIsCollectedAfterEachPull() throws Exception {
    master.fullEvery(1).publish(3, "a", "b");
    RepositoryCollector collector =
        new RepositoryCollector(slave.store(), new Retention(1, Duration.ZERO), slave.time());
    slave.restart(installed -> collector.collect());
    slave.pullsNew();
    List<String> old = master.files("a");
    master.newIncarnation("a");
    master.publish(1, "a");

    slave.pullsNew();

    assertThat(old).allSatisfy(n -> assertThat(slave.store().layout().resolve(n)).doesNotExist());
    slave.isWholeCopyOf(master);
  }

  @Test
  void whoServesIsToldBeforeAnythingIsCollected() throws Exception {
    master.publish(3, "a");
    List<String> told = new ArrayList<>();
    slave.restart(installed -> told.add("collected"));
    slave.pull(outcome -> told.add("heard"));
    assertThat(told).containsExactly("heard", "collected");

    master.publish(3, "a");
    assertThatThrownBy(
            () ->
                slave.pull(
                    outcome -> {
                      throw new IllegalStateException("it can't be opened");
                    }))
        .hasMessage("it can't be opened");
    assertThat(told).as("what is served is not collected").hasSize(2);
    assertThat(slave.held()).contains(master.current().generation());

    slave.pull(outcome -> told.add("heard again"));
    assertThat(told).endsWith("collected", "heard again");
  }

  @Test
  void aFolderIsARemoteToo() throws Exception {
    master.publish(3, "a", "b");
    RemoteRepository remote =
        RemoteRepository.open(
            master.root().toUri().toString(), RemoteOptions.defaults(), slave.time());
    try (Slave other = new Slave(folder.resolve("other"), remote)) {
      other.pullsNew();
      master.publish(3, "a");
      other.pullsNew();
      other.isWholeCopyOf(master);
    }
  }

  @Test
  void aStoreServesOtherSlaves() throws Exception {
    master.withPacks().publish(3, "a", "b");
    slave.pullsNew();
    master.publish(3, "b");
    slave.pullsNew();
    try (Slave other =
        new Slave(folder.resolve("other"), slave.store().layout().root().toString())) {
      other.pullsNew();
      master.publish(3, "b");
      master.publish(3, "b");
      slave.pullsNew();
      other.pullsNew();
      other.isWholeCopyOf(master);
    }
  }
}
