package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.City;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cities whose disk hangs, on a clock that moves when the test says so. */
@Timeout(120)
class SlowCityIT {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final City Z = new City("z");
  private static final Duration CITY_TIMEOUT = Duration.ofSeconds(10);

  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 3);
  private final FaultyDirectories disk = new FaultyDirectories();
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));
  private final ExecutorService cycles = Workers.fixed("cycle", 1);

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    master = open(MergeOptions.DEFAULT);
    for (long id = 0; id < 30; id++) {
      source.put(id, id < 10 ? "x" : id < 20 ? "y" : "z", "first " + id);
    }
    master.settle();
  }

  @AfterEach
  void stop() throws Exception {
    disk.heal();
    // What a city still writes, it would write while the folder is removed.
    await(
        () -> {
          master.cities().takeUpOverdue();
          return master.cities().overdue().isEmpty();
        });
    master.close();
    cycles.shutdown();
  }

  @Test
  void aSlowCityDelaysNoOther() throws Exception {
    for (long id = 0; id < 5; id++) {
      source.put(id, "x", "slow " + id);
    }
    source.put(10, "y", "fast");

    CycleReport report = cycleWhile("x");

    assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
    assertThat(report.failed()).containsOnlyKeys(X);
    assertThat(report.failed().get(X))
        .contains("city x: a batch of 5 changes took longer than index.city_timeout (PT10S)");
    assertThat(report.behind()).containsExactly(X);
    assertThat(published(10)).isEqualTo("fast");
    assertThat(published(0)).isEqualTo("first 0");

    // Nobody waits for it again.
    source.put(11, "y", "fast too");
    source.put(0, "x", "changed meanwhile");
    assertThat(master.cycle.run().failed()).containsOnlyKeys(X);
    assertThat(published(11)).isEqualTo("fast too");

    disk.heal();
    catchUp();
    master.expectEqualTo(source);
  }

  @Test
  void aDocumentThatMovesIntoASlowCityAndOnIsServedOnceThroughout() throws Exception {
    source.put(10, "x", "moved into the slow one");
    source.put(0, "y", "moved out of it");

    cycleWhile("x");
    assertThat(master.published().get(10L)).extracting(Row::city).containsExactly(Y);
    disk.heal();
    await(() -> disk.waiting().isEmpty());
    source.put(10, "z", "moved on");
    CycleReport report = master.cycle.run();
    while (!report.behind().isEmpty()) {
      assertThat(master.published().get(10L)).as("%s", report).hasSize(1);
      report = master.cycle.run();
    }

    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void theCommitOfAMergeThatHangsDelaysNoOtherCity() throws Exception {
    master.close();
    master = open(Master.EAGER);
    long finished;
    int commit = 0;
    do {
      finished = master.cities().mergeFigures().finished();
      source.put(commit, "x", "commit " + commit++);
      master.cycle.run();
      assertThat(
              master.cities().awaitMerges(Deadline.after(new SystemTime(), Duration.ofSeconds(30))))
          .isTrue();
      // A merge ran after the cycle, so that the next one has to commit it.
    } while (master.cities().mergeFigures().finished() == finished);
    source.put(10, "y", "fast");

    CycleReport report = cycleWhile("x");

    assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
    assertThat(published(10)).isEqualTo("fast");
    assertThat(master.cities().overdue().get(X))
        .hasMessageContaining("city x: the commit of a merge took longer");
    disk.heal();
    catchUp();
    master.expectEqualTo(source);
  }

  @Test
  void whileAllThreadsAreStuckNothingIsLost() throws Exception {
    source.put(0, "x", "slow");
    source.put(1, "x", "slow");
    source.put(2, "x", "slow");
    source.put(10, "y", "slow");
    source.put(11, "y", "slow");
    source.put(20, "z", "without a thread");
    disk.hang("x");
    disk.hang("y");

    Future<CycleReport> cycle = cycles.submit(master.cycle::run);
    await(() -> disk.waiting().equals(Set.of("x")));
    time.advance(CITY_TIMEOUT);
    await(() -> disk.waiting().equals(Set.of("x", "y")));
    time.advance(CITY_TIMEOUT);

    CycleReport report = cycle.get();
    assertThat(report.failed()).containsOnlyKeys(X, Y, Z);
    assertThat(report.failed().get(Z)).contains("overdue: [x, y]");
    disk.heal();
    catchUp();
    master.expectEqualTo(source);
  }

  /** Else its index would stay locked for the process, whatever its disk does later. */
  @Test
  void noRebuildIsAdoptedUntilASlowCityHasEnded() throws Exception {
    source.put(0, "x", "slow");
    cycleWhile("x");
    RebuildState ready =
        ReadyRebuild.make(root, source, FakeChangeSource.SCHEMA, new TreeSet<>(List.of(Y)));
    RebuildFolder rebuild = RebuildFolder.in(root.resolve("work"));
    source.put(10, "y", "fast");

    CycleReport report = master.cycle.run();

    assertThat(published(10)).isEqualTo("fast");
    assertThat(rebuild.read()).contains(ready);
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what()).endsWith(" waits for a city");
              assertThat(finding.evidence()).startsWith("city x: a batch of 1 change took longer");
            });
    assertThat(rebuild.waits().orElseThrow()).contains("waits for a city: city x: a batch");

    disk.heal();
    catchUp();
    assertThat(rebuild.read()).isEmpty();
    assertThat(master.snapshot().cities().get(Y).incarnation()).isEqualTo(ready.built().get(Y));
    source.put(0, "x", "goes on");
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aSlowCityThatFailsInTheEndIsReadAgain() throws Exception {
    source.put(0, "x", "slow, then no space left");
    cycleWhile("x");
    disk.fail("x");
    disk.heal("x");
    await(() -> disk.waiting().isEmpty());
    master.cycle.run();
    disk.heal();

    catchUp();
    master.expectEqualTo(source);
  }

  @Test
  void aSlowCityDelaysNoEndAndIsReadAgainByTheNextMaster() throws Exception {
    source.put(0, "x", "slow");
    source.put(10, "y", "fast");
    cycleWhile("x");
    Path copy = root.resolveSibling(root.getFileName() + "-next");
    Files.createDirectories(copy);

    master.close();
    Master.copy(root, copy);
    disk.heal();
    try (Master next = Master.start(copy, source, disk, new SystemTime())) {
      next.settle();
      assertThat(next.cycle.behind()).isEmpty();
      next.expectEqualTo(source);
    }
  }

  @Test
  void aCityWhoseHydrationHangsDelaysNoOther() throws Exception {
    loseX();
    source.put(0, "x", "changed while it is hydrated");
    source.put(1, "y", "moved out of it");
    source.put(10, "y", "fast");

    CycleReport report = cycleWhile("x");

    assertThat(report.behind()).containsExactly(X);
    assertThat(report.failed().get(X)).contains("city x: its hydration took longer");
    assertThat(published(10)).isEqualTo("fast");
    assertThat(published(5)).isEqualTo("first 5");
    source.put(11, "y", "fast too");
    assertThat(master.cycle.run().behind()).containsExactly(X);
    assertThat(published(11)).isEqualTo("fast too");

    disk.heal();
    catchUp();
    master.expectEqualTo(source);
  }

  @Test
  void aSlowHydrationThatFailsInTheEndIsMadeUpFor() throws Exception {
    loseX();
    source.put(0, "x", "changed while it is hydrated");
    cycleWhile("x");
    disk.fail("x");
    disk.heal("x");
    await(() -> disk.waiting().isEmpty());
    assertThat(master.cycle.run().behind()).containsExactly(X);
    disk.heal();

    catchUp();
    master.expectEqualTo(source);
  }

  /** A restart without the working index of x. */
  private void loseX() throws Exception {
    master.close();
    DurableFiles.deleteTree(master.city("x"));
    master = open(MergeOptions.DEFAULT);
  }

  private Master open(MergeOptions merges) throws Exception {
    return Master.start(
        root,
        source,
        disk,
        time,
        FakeChangeSource.SCHEMA,
        new BuildOptions(1, 8, 16, false, merges));
  }

  /** A cycle that a city's disk holds up until its time is over. */
  private CycleReport cycleWhile(String hangs) throws Exception {
    disk.hang(hangs);
    Future<CycleReport> cycle = cycles.submit(master.cycle::run);
    await(() -> disk.waiting().contains(hangs));
    assertThat(cycle.isDone()).isFalse();
    time.advance(CITY_TIMEOUT);
    return cycle.get();
  }

  private void catchUp() throws InterruptedException {
    await(() -> master.cycle.run().behind().isEmpty());
    master.settle();
  }

  private String published(long id) throws Exception {
    return master.published().get(id).getFirst().title();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(new SystemTime(), Duration.ofSeconds(60));
    while (!condition.getAsBoolean()) {
      assertThat(deadline.isPast()).as("still waiting").isFalse();
      new StopSignal().await(Duration.ofMillis(5));
    }
  }
}
