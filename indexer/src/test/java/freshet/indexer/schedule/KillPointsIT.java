package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.FaultyFileSystem;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a master at every durable operation of its first cycle, wherever that happens: in the
 * working indexes, the routing table, the repository. A fresh start on what is left serves each
 * document once at any time, and ends equal to the table.
 */
@Timeout(600)
class KillPointsIT {
  private static final List<String> DURABLE = List.of("force", "move", "link", "delete", "create");

  /** Every so many of them is tried; all with -Dfreshet.kill.step=1. */
  private static final int STEP = Integer.getInteger("freshet.kill.step", 3);

  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 3);
  private SortedMap<Long, Row> served;

  @TempDir Path folder;
  private Path base;

  @BeforeEach
  void publishSomething() throws Exception {
    base = folder.resolve("base");
    for (long id = 0; id < 12; id++) {
      source.put(id, id < 4 ? "x" : id < 8 ? "y" : "z", "first " + id);
    }
    try (Master master = start(base)) {
      master.settle();
    }
    served = source.table();
  }

  @Test
  void histories18to20movesThereAndBackAndReinsertions() throws Exception {
    changeMuch();
    killEverywhere();
  }

  @Test
  void history19aMoveWhoseGainingCityFailedBefore() throws Exception {
    changeMuch();
    FaultyDirectories disk = new FaultyDirectories();
    disk.fail("x");
    try (Master master = Master.start(base, source, disk, new SystemTime())) {
      assertThat(master.cycle.run().behind()).containsExactly(new City("x"));
    }
    source.put(4, "z", "moved on");
    served = source.table();
    killEverywhere();
  }

  @Test
  void history21theWorkingIndexesAreLost() throws Exception {
    changeMuch();
    DurableFiles.deleteTree(Master.work(base, "cities"));
    killEverywhere();
  }

  @Test
  void history21theRoutingTableIsLost() throws Exception {
    changeMuch();
    DurableFiles.deleteTree(Master.work(base, "routing"));
    killEverywhere();
  }

  @Test
  void history22aCityIsHeldWhileDocumentsMoveOutOfItAndIntoIt() throws Exception {
    changeMuch();
    Path snapshots = base.resolve("repository/snapshots");
    try (Master master = start(base)) {
      Files.move(snapshots, base.resolve("aside"));
      Files.writeString(snapshots, "no folder");
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    }
    Files.delete(snapshots);
    Files.move(base.resolve("aside"), snapshots);
    Master.damageNewestSegment(base.resolve("work/cities/x"));
    killEverywhere();
  }

  private void changeMuch() {
    source.put(0, "y", "moved");
    source.put(4, "x", "moved the other way");
    source.put(1, "y", "there");
    source.put(1, "x", "and back");
    source.put(8, "w", "moved to a new city");
    source.put(2, "x", "edited");
    source.delete(5);
    source.delete(6);
    source.put(6, "z", "inserted again elsewhere");
  }

  private void killEverywhere() throws Exception {
    List<Integer> points = durableOperations();
    assertThat(points).hasSizeGreaterThan(10);
    for (int i = 0; i < points.size(); i += STEP) {
      String where = killAt(points.get(i), folder.resolve("killed-" + i));
      restart(folder.resolve("image-" + i), where);
    }
  }

  /** The numbers of the durable operations of a cycle that nothing disturbs. */
  private List<Integer> durableOperations() throws Exception {
    Path copy = folder.resolve("counted");
    Master.copy(base, copy);
    FaultyFileSystem disk = new FaultyFileSystem();
    List<Integer> points = new ArrayList<>();
    disk.failAt(0, FaultyFileSystem.Mode.CRASH);
    try (Master master = start(disk.wrap(copy))) {
      master.cycle.run();
      List<String> operations = disk.operations();
      for (int n = 1; n <= operations.size(); n++) {
        String operation = operations.get(n - 1);
        if (DURABLE.stream().anyMatch(operation::startsWith)) {
          points.add(n);
        }
      }
    }
    return points;
  }

  /** Runs a cycle on a copy until it is killed, and copies what is left. */
  private String killAt(int operation, Path copy) throws Exception {
    Master.copy(base, copy);
    FaultyFileSystem disk = new FaultyFileSystem();
    disk.failAt(operation, FaultyFileSystem.Mode.CRASH);
    String where = "killed at ";
    Master master = null;
    try {
      master = start(disk.wrap(copy));
      master.cycle.run();
    } catch (Exception | AssertionError e) {
      // Lucene asserts that no folder's fsync fails, and does not rely on it.
      where += e.getClass().getSimpleName() + " at ";
    }
    List<String> operations = disk.operations();
    where += operations.size() < operation ? "the end" : operations.get(operation - 1);
    Master.copy(
        copy, copy.resolveSibling(copy.getFileName().toString().replace("killed", "image")));
    disk.failAt(0, FaultyFileSystem.Mode.CRASH);
    if (master != null) {
      try {
        master.close();
      } catch (IOException | AssertionError e) {
        // It finds its files otherwise than it left them, which is nothing to whoever comes next.
        where += ", and in its end " + e;
      }
    }
    return where;
  }

  private void restart(Path image, String where) throws Exception {
    try (Master master = start(image)) {
      for (int cycle = 0; cycle < 3; cycle++) {
        master.cycle.run();
        expectEachOnce(master, where);
      }
      master.cycle.finishMerges(Duration.ofSeconds(30));
      master.settle();
      master.expectEqualTo(source);
      var files = master.files();
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
      assertThat(master.files()).as("a cycle with nothing new, %s", where).isEqualTo(files);
    } catch (AssertionError e) {
      throw new AssertionError(where + ": " + e.getMessage(), e);
    }
  }

  /** What was served before and still is in the table, wherever it is by now. */
  private void expectEachOnce(Master master, String where) throws IOException {
    SortedMap<Long, Row> kept = new TreeMap<>(served);
    kept.keySet().retainAll(source.table().keySet());
    SortedMap<Long, List<Row>> published = master.published();
    for (Long id : kept.keySet()) {
      assertThat(published.getOrDefault(id, List.of())).as("document %d, %s", id, where).hasSize(1);
    }
  }

  private Master start(Path root) throws Exception {
    return Master.start(root, source, IndexDirectories.FILES, new SystemTime());
  }
}
