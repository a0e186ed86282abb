package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A city that is further behind than a batch reaches, while others change. */
class StragglersIT {
  private static final City X = new City("x");
  private static final int BATCH = 4;
  private static final long Y_ID = 1_000;

  private final FakeChangeSource source = new FakeChangeSource(BATCH, 3);
  private final FaultyDirectories disk = new FaultyDirectories();

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    master = Master.start(root, source, disk, new SystemTime());
    for (long id = 0; id < 10 * BATCH; id++) {
      source.put(id, "x", "first " + id);
    }
    source.put(Y_ID, "y", "first");
    master.settle();
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
  }

  @Test
  void aCityThatKeepsFailingKeepsNoOtherFromBeingPolled() throws Exception {
    disk.fail(X.folder());
    for (int round = 0; round < 5 * BATCH; round++) {
      source.put(round % 10, "x", "cannot be written " + round);
      source.put(Y_ID, "y", "round " + round);
      master.cycle.run();
      CycleReport report = master.cycle.run();

      assertThat(report.behind()).containsExactly(X);
      assertThat(master.published().get(Y_ID).getFirst().title()).isEqualTo("round " + round);
    }

    disk.heal();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aCityThatKeepsFailingIsTriedEverMoreRarelyAndSoonOnceItIsHealed() throws Exception {
    master.close();
    ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));
    master =
        Master.start(
            root,
            source,
            disk,
            time,
            FakeChangeSource.SCHEMA,
            new BuildOptions(1, 2, 16, false, MergeOptions.DEFAULT),
            new CityBackoff(new Random(1)));
    disk.fail(X.folder());
    for (long id = 0; id < 3 * BATCH; id++) {
      source.put(id, "x", "cannot be written");
    }
    int tries = 0;
    for (int second = 0; second < 300; second++) {
      source.put(Y_ID, "y", "second " + second);
      CycleReport report;
      int cycles = 0;
      do {
        report = master.cycle.run();
        tries += report.failed().containsKey(X) ? 1 : 0;
        assertThat(++cycles).isLessThanOrEqualTo(10);
      } while (report.moreToRead());

      assertThat(report.behind()).containsExactly(X);
      assertThat(master.published().get(Y_ID).getFirst().title()).isEqualTo("second " + second);
      time.advance(Duration.ofSeconds(1));
      if (second > 10) {
        assertThat(report.nextTries()).containsOnlyKeys(X);
        assertThat(Duration.between(report.started(), report.nextTries().get(X)))
            .isBetween(Duration.ZERO, CityBackoff.LONGEST);
      }
    }
    assertThat(tries).isBetween(300 / 60, 60);

    disk.heal();
    time.advance(CityBackoff.LONGEST);
    assertThat(master.settle().nextTries()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void aCityThatIsReadFromTheStartKeepsNoOtherFromBeingPolled() throws Exception {
    CityEntry published = master.snapshot().cities().get(X);
    master.close();
    DurableFiles.deleteTree(master.city("x"));
    DurableFiles.deleteTree(master.repository.layout().incarnation(X, published.incarnation()));
    master = Master.start(root, source, disk, new SystemTime());

    CycleReport report;
    int round = 0;
    do {
      source.put(Y_ID, "y", "round " + round);
      master.cycle.run();
      report = master.cycle.run();
      if (!report.behind().isEmpty()) {
        assertThat(report.moreToRead()).as("it reads on at once").isTrue();
        assertThat(master.published().get(Y_ID).getFirst().title()).isEqualTo("round " + round);
      }
      round++;
    } while (!report.behind().isEmpty());

    assertThat(round).isGreaterThan(5);
    master.settle();
    master.expectEqualTo(source);
  }
}
