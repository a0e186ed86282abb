package freshet.indexer.schedule;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.files.Digest;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.UpcomingMerge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slave pulls from a slave that pulls from a master, over HTTP. */
@Timeout(120)
class ChainIT {
  private static final City X = new City("x");
  private static final CitySubset X_AND_Y = CitySubset.of(List.of("x", "y"));
  private static final CitySubset ONLY_X = CitySubset.of(List.of("x"));

  private final FakeChangeSource source = new FakeChangeSource();
  private final Random random = new Random(7);

  @TempDir Path folder;
  private Master master;
  private Served origin;
  private long ids;

  @BeforeEach
  void start() throws Exception {
    MergeOptions merges =
        new MergeOptions(
            1,
            2,
            1024,
            1024,
            MergeLimits.NONE,
            new MergeAdvertising(0, Duration.ofHours(1)).withAtMost(Duration.ofHours(1)));
    master =
        Master.start(
            folder.resolve("master"),
            source,
            new FaultyDirectories(),
            new SystemTime(),
            FakeChangeSource.SCHEMA,
            new BuildOptions(1, 4, 16, false, merges));
    source.put(1_000_001, "y", "in y");
    source.put(1_000_002, "z", "in z");
    commits(2);
    origin = Served.of(master.repository, ServeLimits.DEFAULT);
  }

  @AfterEach
  void stop() throws Exception {
    origin.close();
    master.close();
  }

  @ParameterizedTest(name = "the first slave replays: {0}")
  @EnumSource
  void anAnnouncedMergeIsFetchedAheadThroughASlave(ReplayMode first) throws Exception {
    try (ChainedSlave one = slave("one", origin.url(), first, X_AND_Y);
        ChainedSlave two = slave("two", one.served.url(), ReplayMode.ALWAYS, ONLY_X)) {
      one.pullsNew();
      two.pullsNew();
      commits(1);
      await(() -> !master.cities().finishedMerges().isEmpty());
      cycle();
      UpcomingMerge merge = master.publisher.advertisement().orElseThrow().upcoming().getFirst();
      one.pull();
      if (first != ReplayMode.NEVER) {
        // A slave that asks for the recipe before it is there may fetch what is there just after.
        await(() -> Files.exists(recipe(one, merge)));
      }
      two.pull();

      await(() -> one.prefetcher.ready().contains(merge.id()));
      await(() -> two.prefetcher.ready().contains(merge.id()));
      if (first != ReplayMode.NEVER) {
        assertThat(two.puller.replays().bytesReplayed()).isPositive();
      }
      master.cycle.prepared(1, Map.of(merge.id(), 1));
      await(() -> master.cycle.run().merged() > 0);
      origin.snapshots().latestChanged();

      assertThat(one.pullsNew().report().filesLinked()).isEqualTo(merge.files().size());
      assertThat(two.pullsNew().report().filesLinked()).isEqualTo(merge.files().size());
      isWhole(one, X_AND_Y);
      isWhole(two, ONLY_X);
    }
  }

  @Test
  void rebuiltCitiesAreFetchedAheadThroughASlave() throws Exception {
    try (ChainedSlave one = slave("one", origin.url(), ReplayMode.AUTO, X_AND_Y);
        ChainedSlave two = slave("two", one.served.url(), ReplayMode.AUTO, ONLY_X)) {
      one.pullsNew();
      two.pullsNew();
      ReadyRebuild.listed(
          master.root, source, FakeChangeSource.SCHEMA, new TreeSet<>(List.of(X, new City("z"))));
      RebuildFolder rebuild = RebuildFolder.in(master.root.resolve("work"));
      String id = rebuild.built().orElseThrow().digest().hex();
      master.cycle.prepared(1, Map.of());
      cycle();
      one.pull();
      two.pull();

      await(() -> one.prefetcher.ready().contains(id));
      await(() -> two.prefetcher.ready().contains(id));
      master.cycle.prepared(1, Map.of(id, 1));
      cycle();

      assertThat(master.publisher.advertisement().orElseThrow().rebuilt()).isNull();
      assertThat(one.pullsNew().report().filesLinked()).isPositive();
      PullOutcome.Installed installed = two.pullsNew();
      assertThat(installed.report().filesLinked()).isPositive();
      assertThat(installed.report().filesFetched()).isLessThanOrEqualTo(1);
      isWhole(one, X_AND_Y);
      isWhole(two, ONLY_X);
    }
  }

  @Test
  void overASlowLineOnlyTheRebuiltCitiesTakeTheirTime() throws Exception {
    for (int row = 0; row < 400; row++) {
      source.put(
          ids++,
          "x",
          random.ints(2_000, 'a', 'z' + 1).mapToObj(Character::toString).collect(joining()));
    }
    cycle();
    try (Served slow =
            Served.of(master.repository, new ServeLimits(1_000_000, 32, 1 << 20, false));
        ChainedSlave slave = slave("one", slow.url(), ReplayMode.AUTO, CitySubset.ALL)) {
      slave.pullsNew();
      ReadyRebuild.listed(master.root, source, FakeChangeSource.SCHEMA, new TreeSet<>(List.of(X)));
      RebuiltCities list = RebuildFolder.in(master.root.resolve("work")).built().orElseThrow();
      String id = list.digest().hex();
      long size = list.cities().getFirst().files().stream().mapToLong(FileEntry::length).sum();
      assertThat(size).isGreaterThan(400_000);
      master.cycle.prepared(1, Map.of());
      int meanwhile = 0;
      while (!slave.prefetcher.ready().contains(id)) {
        source.put(2_000_000 + meanwhile, "y", "meanwhile " + meanwhile);
        cycle();
        slow.snapshots().latestChanged();
        PullOutcome.Installed installed = slave.pullsNew();
        assertThat(installed.report().bytesFetched()).isLessThan(50_000);
        assertThat(slave.store.latest()).isEqualTo(master.publisher.advertisement());
        meanwhile++;
      }
      assertThat(meanwhile).isPositive();
      assertThat(slave.prefetcher.bytesFetched()).isBetween(size / 10, size + 100_000);
      master.cycle.prepared(1, Map.of(id, 1));
      cycle();
      slow.snapshots().latestChanged();

      assertThat(slave.pullsNew().report().bytesFetched()).isLessThan(50_000);
      isWhole(slave, CitySubset.ALL);
    }
  }

  private ChainedSlave slave(String name, String url, ReplayMode mode, CitySubset cities)
      throws Exception {
    return new ChainedSlave(folder.resolve(name), url, new PullOptions(2, 0, mode, cities));
  }

  private static Path recipe(ChainedSlave slave, UpcomingMerge merge) {
    String file = requireNonNull(merge.recipe()).name();
    String name = RepositoryLayout.fileName(merge.city(), merge.incarnation(), file);
    return slave.store.layout().resolve(name);
  }

  /** Commits enough of them for one merge. */
  private void commits(int commits) throws Exception {
    for (int commit = 0; commit < commits; commit++) {
      for (int row = 0; row < 200; row++) {
        source.put(ids++, "x", "title %d of %d".formatted(row, source.polls()));
      }
      cycle();
    }
  }

  private void cycle() {
    assertThat(master.cycle.run().isClean()).isTrue();
    if (origin != null) {
      origin.snapshots().latestChanged();
    }
  }

  private void isWhole(ChainedSlave slave, CitySubset cities) throws Exception {
    for (CityEntry entry : master.snapshot().cities().values()) {
      if (cities.includes(entry.city())) {
        Path held = slave.store.layout().incarnation(entry.city(), entry.incarnation());
        for (FileEntry file : master.repository.cityManifest(entry).files()) {
          assertThat(Digest.ofFile(held.resolve(file.name()))).isEqualTo(file.sha256());
        }
      }
    }
    assertThat(slave.store.latest()).isEqualTo(master.publisher.advertisement());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(new SystemTime(), Duration.ofSeconds(60));
    while (!condition.getAsBoolean()) {
      assertThat(deadline.isPast()).as("still waiting").isFalse();
      new StopSignal().await(Duration.ofMillis(5));
    }
  }
}
