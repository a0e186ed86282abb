package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of inserts, edits, deletions, moves, re-inserts and late commits, over cycles
 * that fail in one city, at a random write, in the poll or in publishing, or that one city holds
 * up, with commits that don't pass the gate, kills, lost working folders and merges in between,
 * which are announced. The end equals the table.
 */
class RandomHistoriesIT {
  private static final String[] CITIES = {"", "a", "São Paulo", "d", "e"};
  private static final MergeOptions ANNOUNCED =
      new MergeOptions(
          1, 2, 1024, 1024, MergeLimits.NONE, new MergeAdvertising(0, Duration.ofMillis(5)));
  private static final int STEPS = 60;
  private static final int IDS = 40;

  @TempDir Path folder;

  private final FaultyDirectories disk = new FaultyDirectories();
  private final List<String> story = new ArrayList<>();
  private final List<Master> abandoned = new ArrayList<>();
  private FakeChangeSource source;
  private Master master;
  private Path root;
  private int roots;

  /** The seeds; more of them with -Dfreshet.seeds=100 -Dfreshet.seed.first=7. */
  static IntStream seeds() {
    int first = Integer.getInteger("freshet.seed.first", 1);
    return IntStream.range(first, first + Integer.getInteger("freshet.seeds", 6));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theEndEqualsTheTable(int seed) throws Exception {
    Random random = new Random(seed);
    source = new FakeChangeSource(3 + random.nextInt(30), 25);
    root = folder.resolve("0");
    master = start();
    try {
      for (int step = 0; step < STEPS; step++) {
        change(random);
        if (random.nextInt(3) > 0) {
          disturb(random);
          CycleReport report = master.cycle.run();
          story.add(report.outcome() + " failed " + report.failed() + " behind " + report.behind());
          heal();
        }
        if (random.nextInt(12) == 0) {
          interrupt(random);
        }
      }
      endOverdue();
      master.settle();
      assertThat(master.cycle.behind()).isEmpty();
      master.expectEqualTo(source);
    } catch (AssertionError | Exception e) {
      throw new AssertionError("seed " + seed + ": " + String.join("\n", story), e);
    } finally {
      master.close();
      for (Master old : abandoned) {
        old.close();
      }
    }
  }

  private void change(Random random) {
    for (int i = random.nextInt(8); i > 0; i--) {
      long id = random.nextInt(IDS);
      String city = CITIES[random.nextInt(CITIES.length)];
      String title = "t" + random.nextInt(1_000);
      int kind = random.nextInt(10);
      if (kind < 2) {
        source.delete(id);
        story.add("delete " + id);
      } else if (kind == 2) {
        source.delete(id);
        source.put(id, city, title);
        story.add("delete and insert " + id + " into " + city);
      } else if (kind == 3) {
        source.putLate(id, city, title, 1 + random.nextInt(20));
        story.add("late " + id + " into " + city);
      } else {
        source.put(id, city, title);
        story.add("put " + id + " into " + city);
      }
    }
  }

  private void disturb(Random random) throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> disk.fail(folderOf(CITIES[random.nextInt(CITIES.length)]));
      case 1 -> disk.failAt(random.nextInt(40));
      case 2 -> source.failNext(1);
      case 3 -> breakPublishing();
      case 5 -> {
        disk.hang(folderOf(CITIES[random.nextInt(CITIES.length)]));
        story.add("a city hangs");
      }
      case 6 -> {
        String city = CITIES[random.nextInt(CITIES.length)];
        Path files = Master.work(root, "cities").resolve(folderOf(city));
        if (Files.isDirectory(files)) {
          damage(city, files);
        }
      }
      case 4 -> source.betweenPhases(() -> source.delete(random.nextInt(IDS)));
      default -> {}
    }
  }

  private void damage(String city, Path files) throws IOException {
    try {
      Master.damageNewestSegment(files);
      story.add("damaged: " + city);
    } catch (NoSuchFileException e) {
      // A merge, or a build that is overdue, has removed it since it was listed.
      story.add("not damaged: " + city);
    }
  }

  private void heal() throws IOException {
    disk.heal();
    source.failNext(0);
    Path aside = root.resolve("aside");
    if (Files.exists(aside)) {
      Path snapshots = root.resolve("repository/snapshots");
      Files.delete(snapshots);
      Files.move(aside, snapshots);
    }
  }

  private void breakPublishing() throws IOException {
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    story.add("publishing is broken");
  }

  private void interrupt(Random random) throws Exception {
    int kind = random.nextInt(6);
    story.add("interrupt " + kind);
    // A process takes its threads and locks with it. Here a city that is at work while its master
    // is closed would write on, and keep its lock for ever.
    endOverdue();
    if (kind < 3) {
      // A kill: nothing is closed, the new process finds the disk as it is. But nobody writes
      // while it is copied, which takes a while other than a kill.
      master.cities().endAdvertising();
      master.cities().awaitMerges(Deadline.after(new SystemTime(), Duration.ofSeconds(30)));
      Path copy = folder.resolve(Integer.toString(++roots));
      Master.copy(root, copy);
      abandoned.add(master);
      root = copy;
    } else {
      master.close();
    }
    if (kind == 3) {
      DurableFiles.deleteTree(Master.work(root, "cities"));
    } else if (kind == 4) {
      DurableFiles.deleteTree(Master.work(root, "routing"));
    } else if (kind == 2 || kind == 5) {
      DurableFiles.deleteTree(
          Master.work(root, "cities").resolve(folderOf(CITIES[random.nextInt(CITIES.length)])));
    }
    master = start();
  }

  private void endOverdue() throws InterruptedException {
    while (!master.cities().overdue().isEmpty()) {
      new StopSignal().await(Duration.ofMillis(5));
      master.cities().takeUpOverdue();
    }
  }

  private Master start() throws Exception {
    return Master.start(
        root,
        source,
        disk,
        new SystemTime(),
        FakeChangeSource.SCHEMA,
        new BuildOptions(2, 3, 16, false, ANNOUNCED, Duration.ofMillis(200)));
  }

  private static String folderOf(String city) {
    return new City(city).folder();
  }
}
