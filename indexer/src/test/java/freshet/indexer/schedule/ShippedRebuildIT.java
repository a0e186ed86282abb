package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.files.Digest;
import freshet.replicator.pull.Prefetcher;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.Puller;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** History 34: a rebuilt city is on its way, and no city's age notices, nor its own. */
@Timeout(120)
class ShippedRebuildIT {
  private static final City X = new City("x");
  private static final Duration FOR = Duration.ofSeconds(5);
  private static final Duration AT_MOST = Duration.ofHours(1);

  private final FakeChangeSource source = new FakeChangeSource();
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  @TempDir Path folder;
  private Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    root = folder.resolve("master");
    master = open(root);
    for (long id = 1; id <= 500; id++) {
      source.put(id, "x", "one of many titles " + id);
    }
    source.put(1_001, "y", "in y");
    source.put(1_002, "z", "in z");
    master.settle();
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
  }

  @Test
  void noAgeNoticesHoweverLongItsWayTakesAndTheSwitchIsAPullLikeAnyOther() throws Exception {
    RebuildState ready = rebuild();
    Incarnation next = ready.built().get(X);
    RebuiltCities list = list();
    StopSignal stop = new StopSignal();
    LocalRepository store = new LocalRepository(new RepositoryLayout(folder.resolve("store")));
    PullOptions options = new PullOptions(2, 0);
    try (SlowRemote remote = SlowRemote.of(master.repository.layout().root(), next.toString())) {
      Puller puller = new Puller(remote, store, options, new SystemTime(), stop, unused -> {});
      Prefetcher prefetcher =
          new Prefetcher(remote, store, options, stop, puller::isPulling, puller.replays());
      Thread thread = Workers.thread("prefetch", prefetcher::run);
      thread.start();
      for (int second = 0; second < 30; second++) {
        time.advance(Duration.ofSeconds(1));
        source.put(2_000 + second, second % 2 == 0 ? "y" : "x", "meanwhile " + second);
        PullOutcome.Installed installed = cycleAndPull(puller, prefetcher);

        expectAllAreFresh(installed);
        assertThat(installed.snapshot().cities().get(X).incarnation()).isNotEqualTo(next);
      }
      assertThat(latest().rebuilt()).isEqualTo(list.digest());
      await(() -> remote.opened().stream().anyMatch(name -> name.contains(next.toString())));
      assertThat(prefetcher.ready()).isEmpty();

      remote.letGo();
      await(() -> prefetcher.ready().contains(list.digest().hex()));
      time.advance(Duration.ofSeconds(1));
      PullOutcome.Installed installed = cycleAndPull(puller, prefetcher);

      expectAllAreFresh(installed);
      assertThat(installed.snapshot().cities().get(X).incarnation()).isEqualTo(next);
      assertThat(installed.report().filesLinked())
          .isEqualTo(list.cities().getFirst().files().size());
      assertThat(latest().rebuilt()).isNull();
      master.settle();
      prefetcher.follow(puller.pull(Duration.ZERO));
      assertThat(store.layout().resolve(RepositoryLayout.PREFETCHED)).isEmptyDirectory();
      assertThat(store.layout().rebuilt()).isEmptyDirectory();
      assertThat(master.repository.layout().rebuilt()).isEmptyDirectory();
      master.expectEqualTo(source);
      stop.request();
      thread.join();
    }
  }

  @Test
  void slavesThatDoNotGetItAreWaitedForOnlySoLong() throws Exception {
    RebuildState ready = rebuild();
    master.cycle.prepared(3, Map.of());
    master.cycle.run();
    String id = list().digest().hex();
    time.advance(AT_MOST.minusSeconds(1));
    master.cycle.prepared(3, Map.of(id, 2));
    master.cycle.run();
    assertThat(adopted(ready)).isFalse();
    assertThat(RebuildFolder.in(root.resolve("work")).waits().orElseThrow())
        .isEqualTo(
            "slaves fetch the rebuilt cities before the switch: 2 of 3 have them; it comes after PT1H at the latest (rebuild.advertise_at_most)");

    time.advance(Duration.ofSeconds(1));
    master.cycle.run();

    assertThat(adopted(ready)).isTrue();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void whileNoSlaveSaysWhatItHasAShortTimeCounts() throws Exception {
    RebuildState ready = rebuild();
    master.cycle.prepared(0, Map.of());
    master.cycle.run();
    assertThat(adopted(ready)).isFalse();
    time.advance(FOR);
    master.cycle.run();

    assertThat(adopted(ready)).isTrue();
  }

  @Test
  void whoServesNobodySwitchesAtOnce() throws Exception {
    RebuildState ready = rebuild();
    master.cycle.run();

    assertThat(adopted(ready)).isTrue();
  }

  @Test
  void whoHasAnEarlierListIsNotWaitedForAgain() throws Exception {
    rebuild();
    master.cycle.prepared(1, Map.of());
    master.cycle.run();
    String before = list().digest().hex();
    source.put(3, "x", "changed while slaves fetch");
    RebuildState again = rebuild();
    assertThat(list().digest().hex()).isNotEqualTo(before);
    master.cycle.run();
    assertThat(adopted(again)).isFalse();

    master.cycle.prepared(1, Map.of(before, 1));
    master.cycle.run();

    assertThat(adopted(again)).isTrue();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void oneThatIsAbandonedLeavesNothing() throws Exception {
    RebuildState ready = rebuild();
    master.cycle.prepared(1, Map.of());
    master.cycle.run();
    Path linked = master.repository.layout().incarnation(X, ready.built().get(X));
    assertThat(linked).isNotEmptyDirectory();

    RebuildFolder.in(root.resolve("work")).delete();
    master.cycle.run();

    assertThat(latest().rebuilt()).isNull();
    assertThat(linked).doesNotExist();
    assertThat(master.repository.layout().rebuilt()).isEmptyDirectory();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aKillWhileItIsAnnouncedLosesNothing() throws Exception {
    RebuildState ready = rebuild();
    master.cycle.prepared(1, Map.of());
    master.cycle.run();
    Path copy = folder.resolve("killed");
    Master.copy(root, copy);

    try (Master next = open(copy)) {
      source.put(1, "x", "after the kill");
      next.cycle.prepared(1, Map.of());
      assertThat(next.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
      Digest announced = next.publisher.advertisement().orElseThrow().rebuilt();
      RebuiltCities list = next.repository.rebuilt(announced).orElseThrow();
      for (RebuiltCity city : list.cities()) {
        Path linked = next.repository.layout().incarnation(city.city(), city.incarnation());
        for (FileEntry file : city.files()) {
          assertThat(Digest.ofFile(linked.resolve(file.name()))).isEqualTo(file.sha256());
        }
      }
      next.cycle.prepared(1, Map.of(announced.hex(), 1));
      next.settle();
      assertThat(next.snapshot().cities().get(X).incarnation()).isEqualTo(ready.built().get(X));
      next.expectEqualTo(source);
    }
  }

  private RebuildState rebuild() throws Exception {
    return ReadyRebuild.listed(root, source, FakeChangeSource.SCHEMA, new TreeSet<>(List.of(X)));
  }

  private RebuiltCities list() throws Exception {
    return RebuildFolder.in(root.resolve("work")).built().orElseThrow();
  }

  private boolean adopted(RebuildState ready) {
    return master.snapshot().cities().get(X).incarnation().equals(ready.built().get(X));
  }

  private Advertisement latest() {
    return master.publisher.advertisement().orElseThrow();
  }

  private PullOutcome.Installed cycleAndPull(Puller puller, Prefetcher prefetcher)
      throws Exception {
    Map<String, Integer> having = new HashMap<>();
    prefetcher.ready().forEach(id -> having.put(id, 1));
    master.cycle.prepared(1, having);
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
    PullOutcome outcome = puller.pull(Duration.ZERO);
    prefetcher.follow(outcome);
    assertThat(outcome).isInstanceOf(PullOutcome.Installed.class);
    return (PullOutcome.Installed) outcome;
  }

  /** Every city is complete up to the master's last poll, whatever is on its way. */
  private void expectAllAreFresh(PullOutcome.Installed installed) {
    Advertisement held = installed.advertisement();
    Instant through = latest().readThrough();
    assertThat(through).isNotNull();
    for (CityEntry entry : installed.snapshot().cities().values()) {
      assertThat(held.readThrough(entry)).contains(through);
    }
    assertThat(held.advertisedAt()).isEqualTo(time.now());
  }

  private Master open(Path where) throws Exception {
    MergeOptions merges =
        new MergeOptions(
            1,
            10,
            1024,
            1024,
            MergeLimits.NONE,
            new MergeAdvertising(1 << 30, FOR).withAtMost(AT_MOST));
    return Master.start(
        where,
        source,
        new FaultyDirectories(),
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
