package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.IndexDirectories;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A city's commit is refused when it is to be published, after documents moved out of and into it.
 */
class WithheldCityIT {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final City Z = new City("z");

  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 3);

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    master = Master.start(root, source, IndexDirectories.FILES, new SystemTime());
    for (long id = 0; id < 30; id++) {
      source.put(id, id < 10 ? "x" : id < 20 ? "y" : "z", "first " + id);
    }
    master.settle();
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
  }

  @Test
  void history22documentsMoveOutOfAHeldCityAndIntoItAndEachIsFoundOnce() throws Exception {
    moveAndHoldX();

    CycleReport held = master.cycle.run();

    assertThat(held.behind()).contains(X, Y).doesNotContain(Z);
    expectEachOnce();
    assertThat(master.published().get(20L)).extracting(Row::title).containsExactly("edited");
    assertThat(master.published().get(0L)).extracting(Row::city).containsExactly(X);
    assertThat(master.published().get(10L)).extracting(Row::city).containsExactly(Y);

    CycleReport healed = master.cycle.run();
    assertThat(healed.behind()).isEmpty();
    expectEachOnce();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void history22theSameWithARestartInBetween() throws Exception {
    moveAndHoldX();
    master.close();
    master = Master.start(root, source, IndexDirectories.FILES, new SystemTime());

    for (int cycle = 0; cycle < 3; cycle++) {
      master.cycle.run();
      expectEachOnce();
    }
    master.settle();
    master.expectEqualTo(source);
  }

  /** Commits moves and more, fails to publish them, and damages what x committed. */
  private void moveAndHoldX() throws Exception {
    source.put(0, "y", "moved out of x");
    source.put(10, "x", "moved into x");
    source.put(20, "z", "edited");
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    Files.delete(snapshots);
    Files.move(root.resolve("aside"), snapshots);
    Master.damageNewestSegment(master.city("x"));
  }

  private void expectEachOnce() throws Exception {
    SortedMap<Long, List<Row>> published = master.published();
    assertThat(published).containsOnlyKeys(source.table().keySet());
    published.forEach((id, rows) -> assertThat(rows).as("document %d", id).hasSize(1));
  }
}
