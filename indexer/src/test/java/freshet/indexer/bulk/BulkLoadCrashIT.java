package freshet.indexer.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A load that is killed anywhere goes on with what was added, and ends with every document once.
 */
class BulkLoadCrashIT {
  private static final int PAGES = 6;
  private static final int CITIES = 3;
  private static final BulkOptions SPOOLED = new BulkOptions(BuildOptions.of(1), 16, 100, 64);

  /** Commits after every page, since more cities are open than may be. */
  private static final BulkOptions COMMITTED = new BulkOptions(BuildOptions.of(1), 16, 1, 64);

  @TempDir Path temporary;

  @Test
  void aSpoolThatIsCutAnywhereKeepsEveryWholePage() throws Exception {
    Path killed = temporary.resolve("killed");
    long[] ends = new long[PAGES + 1];
    BulkLoad load = Loads.open(killed, SPOOLED);
    for (int page = 0; page < PAGES; page++) {
      ends[page] = Files.size(spool(killed, 0));
      Loads.addMissing(load, page + 1, CITIES);
    }
    ends[PAGES] = Files.size(spool(killed, 0));

    for (int whole = 0; whole <= PAGES; whole++) {
      long page = whole == PAGES ? 1 : ends[whole + 1] - ends[whole];
      for (long more : new long[] {0, 1, 4, 8, 15, 16, 17, page / 2, page - 1}) {
        if (more < page) {
          Path cut = copyOf(killed, "cut");
          cut(spool(cut, 0), ends[whole] + more);
          goesOn(cut, SPOOLED, PAGES - whole);
        }
      }
    }
    load.close();
  }

  @Test
  void aDamagedByteEndsTheSpoolThere() throws Exception {
    Path killed = temporary.resolve("killed");
    try (BulkLoad load = Loads.open(killed, SPOOLED)) {
      Loads.addMissing(load, PAGES, CITIES);
    }
    long length = Files.size(spool(killed, 0));
    for (long at = 0; at < length; at += 97) {
      Path damaged = copyOf(killed, "damaged");
      byte[] bytes = Files.readAllBytes(spool(damaged, 0));
      bytes[(int) at] ^= 0x10;
      Files.write(spool(damaged, 0), bytes);
      goesOn(damaged, SPOOLED, PAGES - (int) (at * PAGES / length));
    }
  }

  @Test
  void aFailureAtAnyWriteLosesNothingWhetherClosedOrKilled() throws Exception {
    FaultyDirectories disk = new FaultyDirectories();
    boolean hasFailed = true;
    for (int n = 0; hasFailed; n += 3) {
      Path folder = temporary.resolve("failing");
      BulkLoad load = open(folder, COMMITTED, disk);
      disk.failAt(n);
      hasFailed = failsAndSaysWhere(load, folder);
      Map<Integer, DocumentKey> reached = load.reached();
      if (hasFailed) {
        Path killed = copyOf(folder, "killed");
        try (BulkLoad again = Loads.open(killed, SPOOLED)) {
          assertThat(again.reached()).isEqualTo(reached);
        }
        goesOn(killed, COMMITTED, -1);
      }
      load.close();
      disk.heal();
      goesOn(folder, SPOOLED, -1);
    }
  }

  @Test
  void indexesThatAreCommittedBeforeTheStateIsWrittenTakeNothingTwice() throws Exception {
    Path folder = temporary.resolve("folder");
    Path kept = Files.createDirectories(temporary.resolve("kept"));
    try (BulkLoad load = Loads.open(folder, COMMITTED)) {
      Loads.addMissing(load, 2, CITIES);
      Files.copy(folder.resolve("load.json"), kept.resolve("load.json"));
      Files.createLink(kept.resolve("load.spool-2"), spool(folder, 2));
      Loads.addMissing(load, 3, CITIES);
      assertThat(spool(folder, 3)).exists();
    }
    Files.delete(spool(folder, 3));
    Files.move(
        kept.resolve("load.json"),
        folder.resolve("load.json"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.move(kept.resolve("load.spool-2"), spool(folder, 2));

    Path machineStopped = copyOf(folder, "stopped");
    cut(spool(machineStopped, 2), 100);

    goesOn(folder, SPOOLED, PAGES - 3);
    // The indexes hold a page that the spool has lost: it would come twice.
    goesOn(machineStopped, SPOOLED, PAGES);
  }

  @Test
  void aLoadByAnotherSchemaBeginsAnew() throws Exception {
    Path folder = temporary.resolve("folder");
    try (BulkLoad load = Loads.open(folder, COMMITTED)) {
      Loads.addMissing(load, 3, CITIES);
    }
    try (BulkLoad load =
        BulkLoad.open(folder, SPOOLED, FakeChangeSource.SCHEMA, new Random(1), refused -> {})) {
      assertThat(load.reached()).isEmpty();
      assertThat(new LoadFolder(folder).cities()).isEmpty();
    }
  }

  @Test
  void aSegmentsFileThatCantBeReadBeginsAnew() throws Exception {
    Path folder = temporary.resolve("folder");
    try (BulkLoad load = Loads.open(folder, COMMITTED)) {
      Loads.addMissing(load, 1, CITIES);
    }
    Path city = new LoadFolder(folder).of(new LoadFolder(folder).cities().getFirst());
    cut(city.resolve("segments_1"), 40);

    goesOn(folder, SPOOLED, PAGES);
  }

  @Test
  void whatWasFinishedCanBeFinishedAgain() throws Exception {
    Path folder = temporary.resolve("folder");
    goesOn(folder, SPOOLED, PAGES);
    goesOn(folder, SPOOLED, 0);
  }

  /** Adds what is missing, if that is known so many pages, finishes, and looks at what is there. */
  private static void goesOn(Path folder, BulkOptions options, int missing) throws IOException {
    try (BulkLoad load = Loads.open(folder, options)) {
      int added = Loads.addMissing(load, PAGES, CITIES);
      if (missing >= 0) {
        assertThat(added).isEqualTo(missing);
      }
      assertThat(load.documents()).isEqualTo(PAGES * 10);
      load.finish(Loads.at(1));
    }
    assertThat(Loads.contents(folder)).isEqualTo(Loads.expected(PAGES * 10, CITIES));
    Loads.check(folder);
  }

  /** Loads to the end if that goes well. */
  private static boolean failsAndSaysWhere(BulkLoad load, Path folder) {
    try {
      Loads.addMissing(load, PAGES, CITIES);
      load.finish(Loads.at(1));
      return false;
    } catch (IOException e) {
      assertThat(e)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("bytes are free")
          .hasMessageContaining("no space left")
          .hasMessageContaining("run the same command again");
      assertThatThrownBy(() -> load.finish(Loads.at(1))).hasMessageContaining("failed before");
      return true;
    }
  }

  private static BulkLoad open(Path folder, BulkOptions options, FaultyDirectories disk)
      throws IOException {
    return BulkLoad.open(folder, options, Loads.SCHEMA, new Random(1), refused -> {}, disk);
  }

  private Path copyOf(Path folder, String name) throws IOException {
    Path copy = temporary.resolve(name);
    DurableFiles.deleteTree(copy);
    Loads.copy(folder, copy);
    return copy;
  }

  private static Path spool(Path folder, long firstPage) {
    return new LoadFolder(folder).spool(firstPage);
  }

  private static void cut(Path file, long length) throws IOException {
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }
}
