package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a master at every step of a cycle: before and after it syncs a city's files, and whenever
 * it looks at the clock, which every stage does as it ends, the disk is copied as it is. A new
 * master on each copy ends equal to the table.
 */
class CrashIT {
  @TempDir Path folder;

  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 6);
  private final FaultyDirectories disk = new FaultyDirectories();
  private final List<Path> images = new ArrayList<>();
  private boolean isRecording;
  private String lastState = "";

  @Test
  void history18aKillAtEveryStepOfAFirstCycleEndsEqualToTheTable() throws Exception {
    try (Master master = Master.start(folder.resolve("run"), source, disk, new Watched())) {
      fill();
      record(master);
    }
    everyImageEndsEqualToTheTable();
  }

  @Test
  void history18and19aKillAtEveryStepOfACycleWithMovesEndsEqualToTheTable() throws Exception {
    try (Master master = Master.start(folder.resolve("run"), source, disk, new Watched())) {
      fill();
      master.cycle.run();
      master.cycle.finishMerges(Duration.ofSeconds(30));
      source.put(1, "y", "moved");
      source.put(11, "x", "moved the other way");
      source.put(2, "z", "moved to a new city");
      source.put(3, "x", "edited");
      source.delete(4);
      source.delete(12);
      source.put(12, "x", "inserted again elsewhere");
      source.putLate(50, "y", "committed late", 5);
      record(master);
      assertThat(master.cycle.run().behind()).isEmpty();
    }
    everyImageEndsEqualToTheTable();
  }

  private void fill() {
    for (long id = 0; id < 20; id++) {
      source.put(id, id < 10 ? "x" : "y", "first " + id);
    }
  }

  private void record(Master master) {
    disk.aroundSyncs(this::image);
    isRecording = true;
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
    isRecording = false;
    disk.aroundSyncs(() -> {});
  }

  private void everyImageEndsEqualToTheTable() throws Exception {
    assertThat(images).hasSizeGreaterThan(10);
    for (Path image : images) {
      try (Master master = Master.start(image, source, IndexDirectories.FILES, new SystemTime())) {
        master.settle();
        master.cycle.finishMerges(Duration.ofSeconds(30));
        master.expectEqualTo(source);
        SortedSet<String> files = master.files();
        assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
        assertThat(master.files()).isEqualTo(files);
      } catch (AssertionError e) {
        throw new AssertionError("killed at " + image.getFileName() + ": " + e.getMessage(), e);
      }
    }
  }

  private synchronized void image() {
    if (!isRecording || isBesideAWriter()) {
      return;
    }
    try {
      Path run = folder.resolve("run");
      String state = state(run);
      if (state.equals(lastState)) {
        return;
      }
      lastState = state;
      Path image = folder.resolve("image-" + images.size());
      Master.copy(run, image);
      images.add(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A merge in the background, or who waits for a build: a copy now would be of no one moment. */
  private static boolean isBesideAWriter() {
    String thread = Thread.currentThread().getName();
    return thread.startsWith("merge")
        || (!thread.startsWith("build")
            && StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(f -> f.getClassName().endsWith(".Builders"))));
  }

  private static String state(Path run) throws IOException {
    try (Stream<Path> all = Files.walk(run)) {
      SortedSet<String> files = new TreeSet<>();
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
      return files.toString();
    }
  }

  private final class Watched implements Time {
    private final Time time = new SystemTime();

    @Override
    public Instant now() {
      image();
      return time.now();
    }

    @Override
    public long nanoTime() {
      image();
      return time.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      time.sleep(duration);
    }
  }
}
