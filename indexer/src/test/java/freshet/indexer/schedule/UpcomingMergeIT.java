package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.files.Digest;
import freshet.replicator.pull.Prefetcher;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.Puller;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.UpcomingMerge;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Merges that slaves hear of before a commit names them, on a clock that the test moves. */
@Timeout(120)
class UpcomingMergeIT {
  private static final City X = new City("x");
  private static final Duration FOR = Duration.ofSeconds(5);

  private final FakeChangeSource source = new FakeChangeSource();
  private final FaultyDirectories disk = new FaultyDirectories();
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    master = open(root.resolve("run"), 0);
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
  }

  @Test
  void aFinishedMergeIsAdvertisedBeforeACommitNamesIt() throws Exception {
    announceAMerge();
    UpcomingMerge merge = upcoming().getFirst();

    assertThat(merge.city()).isEqualTo(X);
    assertThat(merge.incarnation()).isEqualTo(master.snapshot().cities().get(X).incarnation());
    assertThat(manifest().files()).doesNotContainAnyElementsOf(merge.files());
    for (FileEntry file : merge.files()) {
      assertThat(Digest.ofFile(published(merge, file))).isEqualTo(file.sha256());
    }

    // Nobody waits for it, however long it is advertised.
    source.put(1, "x", "changed meanwhile");
    source.put(1_000, "y", "elsewhere");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
    assertThat(upcoming()).containsExactly(merge);
    assertThat(manifest().files()).doesNotContainAnyElementsOf(merge.files());
    master.expectEqualTo(source);

    time.advance(FOR);
    await(() -> master.cities().finishedMerges().isEmpty());
    await(() -> master.cycle.run().merged() > 0);

    assertThat(upcoming()).isEmpty();
    assertThat(manifest().files()).containsAll(merge.files());
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void whatTheSlavesHaveEntersAtOnceAndTheirNextPullFindsIt() throws Exception {
    StopSignal stop = new StopSignal();
    LocalRepository store = new LocalRepository(new RepositoryLayout(root.resolve("store")));
    String address = master.repository.layout().root().toString();
    PullOptions options = new PullOptions(2, 0);
    try (RemoteRepository remote =
        RemoteRepository.open(address, RemoteOptions.defaults(), new SystemTime())) {
      Puller puller = new Puller(remote, store, options, new SystemTime(), stop, unused -> {});
      Prefetcher prefetcher =
          new Prefetcher(remote, store, options, stop, puller::isPulling, puller.replays());
      Thread thread = Workers.thread("prefetch", prefetcher::run);
      thread.start();
      announceAMerge();
      UpcomingMerge merge = upcoming().getFirst();
      prefetcher.follow(puller.pull(Duration.ZERO));
      await(() -> prefetcher.ready().contains(merge.id()));
      assertThat(puller.replays().bytesReplayed()).as("merged there").isPositive();

      master.cities().prepared(1, Map.of(merge.id(), 1));
      await(() -> master.cycle.run().merged() > 0);
      PullOutcome outcome = puller.pull(Duration.ZERO);

      assertThat(manifest().files()).containsAll(merge.files());
      assertThat(outcome).isInstanceOf(PullOutcome.Installed.class);
      assertThat(((PullOutcome.Installed) outcome).report().filesLinked())
          .isEqualTo(merge.files().size());
      stop.request();
      thread.join();
    }
  }

  @Test
  void aMergeThatBecomesVoidIsNotAdvertisedAnyMore() throws Exception {
    announceAMerge();
    source.put(1, "x", "meets a full disk");
    disk.fail(X.folder());
    assertThat(master.cycle.run().behind()).containsExactly(X);

    assertThat(upcoming()).isEmpty();
    disk.heal();
    for (int i = 0; i < 5; i++) {
      source.put(i, "x", "after the failure " + i);
      master.cycle.run();
      time.advance(FOR);
    }
    master.cycle.finishMerges(Duration.ofSeconds(30));
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aKillWhileAMergeIsAdvertisedLosesNothingAndLeavesNothing() throws Exception {
    announceAMerge();
    UpcomingMerge merge = upcoming().getFirst();
    Path copy = root.resolve("killed");
    Master.copy(master.root, copy);
    source.put(1, "x", "after the kill");

    try (Master next = open(copy, 1 << 30)) {
      next.cycle.run();
      assertThat(next.publisher.advertisement().orElseThrow().upcoming()).isEmpty();
      next.cycle.finishMerges(Duration.ofSeconds(30));
      next.settle();
      next.expectEqualTo(source);
      for (FileEntry file : merge.files()) {
        Path left = next.repository.layout().incarnation(X, merge.incarnation());
        assertThat(left.resolve(file.name())).doesNotExist();
      }
    }
  }

  @Test
  void aProcessThatEndsAfterItsCycleWaitsForNobody() throws Exception {
    announceAMerge();

    assertThat(master.cycle.finishMerges(Duration.ofSeconds(60)))
        .isInstanceOf(CycleOutcome.Published.class);

    assertThat(master.cities().mergeFigures().running()).isEmpty();
    assertThat(master.cities().mergeFigures().finished()).isPositive();
    master.expectEqualTo(source);
  }

  @Test
  void aSmallMergeIsNotAdvertised() throws Exception {
    master.close();
    master = open(root.resolve("small"), 1 << 20);
    commits();
    await(() -> master.cities().mergeFigures().finished() > 0);

    assertThat(master.cities().finishedMerges()).isEmpty();
    master.settle();
    assertThat(upcoming()).isEmpty();
    master.expectEqualTo(source);
  }

  private void announceAMerge() throws Exception {
    commits();
    await(() -> !master.cities().finishedMerges().isEmpty());
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
    assertThat(upcoming()).hasSize(1);
  }

  /** Commits enough for one merge. */
  private void commits() throws Exception {
    for (long commit = 0; commit < 3; commit++) {
      for (long id = 0; id < 50; id++) {
        source.put(commit * 50 + id, "x", "title %d of %d".formatted(id, commit));
      }
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
    }
  }

  private List<UpcomingMerge> upcoming() {
    return master.publisher.advertisement().orElseThrow().upcoming();
  }

  private CityManifest manifest() throws Exception {
    return master.repository.cityManifest(master.snapshot().cities().get(X));
  }

  private Path published(UpcomingMerge merge, FileEntry file) {
    return master
        .repository
        .layout()
        .incarnation(merge.city(), merge.incarnation())
        .resolve(file.name());
  }

  private Master open(Path folder, long advertiseAbove) throws Exception {
    MergeOptions merges =
        new MergeOptions(
            1, 2, 1024, 1024, MergeLimits.NONE, new MergeAdvertising(advertiseAbove, FOR));
    return Master.start(
        folder,
        source,
        disk,
        time,
        FakeChangeSource.SCHEMA,
        new BuildOptions(1, 4, 16, false, merges));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(new SystemTime(), Duration.ofSeconds(60));
    while (!condition.getAsBoolean()) {
      assertThat(deadline.isPast()).as("still waiting").isFalse();
      new StopSignal().await(Duration.ofMillis(5));
    }
  }
}
