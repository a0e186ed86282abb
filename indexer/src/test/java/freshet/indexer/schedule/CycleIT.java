package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CycleIT {
  private static final City X = new City("x");
  private static final City Y = new City("y");

  /** With an overlap so short that only positions save what failed. */
  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 3);

  private final FaultyDirectories disk = new FaultyDirectories();

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    master = Master.start(root, source, disk, new SystemTime());
    for (long id = 1; id <= 20; id++) {
      source.put(id, "x", "first " + id);
    }
    for (long id = 21; id <= 25; id++) {
      source.put(id, "y", "first " + id);
    }
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
  }

  @AfterEach
  void stop() throws IOException {
    master.close();
  }

  @Test
  void insertsEditsDeletionsAndMovesArePublished() throws Exception {
    source.put(1, "x", "edited");
    source.delete(2);
    source.put(3, "y", "moved");
    source.put(30, "z", "a new city");

    CycleReport report = master.cycle.run();

    assertThat(report.outcome())
        .isInstanceOfSatisfying(
            CycleOutcome.Published.class, done -> assertThat(done.cities()).isEqualTo(3));
    assertThat(report.counts().added()).isEqualTo(2);
    assertThat(report.counts().replaced()).isEqualTo(1);
    assertThat(report.counts().removed()).isEqualTo(2);
    assertThat(report.moved()).isEqualTo(1);
    assertThat(report.isClean()).isTrue();
    assertThat(report.behind()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void aCycleWithNothingNewWritesNothing() throws Exception {
    master.settle();
    SortedSet<String> before = master.files();
    Generation generation = master.snapshot().generation();

    CycleReport report = master.cycle.run();
    restart();
    CycleReport afterRestart = master.cycle.run();

    assertThat(report.outcome()).isEqualTo(new CycleOutcome.Refreshed(generation));
    assertThat(afterRestart.outcome()).isEqualTo(new CycleOutcome.Refreshed(generation));
    assertThat(afterRestart.counts().equal().overlap()).isEqualTo(3);
    assertThat(afterRestart.counts().applied()).isZero();
    assertThat(withoutLocks(master.files())).isEqualTo(withoutLocks(before));
    master.expectEqualTo(source);
  }

  @Test
  void aCityWithoutChangesIsNotOpenedAndKeepsItsEntry() throws Exception {
    Snapshot before = master.snapshot();
    source.put(21, "y", "edited");

    master.cycle.run();

    assertThat(master.snapshot().cities().get(X).hasSameFilesAs(before.cities().get(X))).isTrue();
    assertThat(master.snapshot().manifest().cities()).hasSize(1);
  }

  @Test
  void anEqualDocumentIsDroppedWithoutAFile() throws Exception {
    Row row = source.table().get(1L);
    source.put(1, "x", "other");
    master.cycle.run();
    source.putUnstamped(1, "x", row.title());
    source.putUnstamped(1, "x", "other");
    Generation generation = master.snapshot().generation();

    assertThat(master.cycle.run().outcome()).isEqualTo(new CycleOutcome.Refreshed(generation));
  }

  @Test
  void aLateCommitIsRescuedByTheOverlap() throws Exception {
    source.putLate(40, "x", "stamped early", 2);

    CycleReport report = master.cycle.run();

    assertThat(report.counts().rescued()).isEqualTo(1);
    master.expectEqualTo(source);
  }

  @Test
  void history19aMoveWhoseGainingCityFailsStaysInTheOldOne() throws Exception {
    source.put(1, "y", "moved");
    source.put(2, "x", "edited");
    disk.fail("y");

    CycleReport report = master.cycle.run();

    assertThat(report.failed()).containsOnlyKeys(Y);
    assertThat(report.behind()).containsExactly(Y);
    assertThat(master.published().get(1L)).extracting(Row::city).containsExactly(X);
    assertThat(master.published().get(2L)).extracting(Row::title).containsExactly("edited");
    assertThat(master.snapshot().cities().get(Y).behind()).isNotNull();
    disk.heal();
    assertThat(master.settle().behind()).isEmpty();
    assertThat(master.snapshot().cities().get(Y).behind()).isNull();
    master.expectEqualTo(source);
  }

  @Test
  void history19aMoveWhoseLosingCityFailsLeavesNoDouble() throws Exception {
    source.put(1, "y", "moved");
    disk.fail("x");

    CycleReport report = master.cycle.run();

    assertThat(report.failed()).containsOnlyKeys(X);
    assertThat(master.published().get(1L)).extracting(Row::city).contains(Y);
    disk.heal();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void history19aMoveIntoANewCityThatFailsIsNotLostByARestart() throws Exception {
    source.put(1, "z", "moved");
    source.put(21, "y", "edited");
    disk.fail("z");

    master.cycle.run();
    for (int i = 0; i < 5; i++) {
      source.put(22, "y", "edited " + i);
      master.cycle.run();
    }
    disk.heal();
    restart();

    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void history19aLosingCityThatFailsWhileTheDocumentMovesOn() throws Exception {
    source.put(1, "y", "moved");
    disk.fail("x");
    master.cycle.run();
    source.put(1, "z", "moved on");
    master.cycle.run();
    source.delete(1);
    master.cycle.run();
    disk.heal();

    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void history20thereAndBackWithinOnePollAndBetweenPolls() throws Exception {
    source.put(1, "y", "there");
    source.put(1, "x", "and back");
    master.cycle.run();
    master.expectEqualTo(source);

    source.put(1, "y", "there");
    master.cycle.run();
    master.expectEqualTo(source);
    source.put(1, "x", "and back");
    master.cycle.run();
    master.expectEqualTo(source);
  }

  @Test
  void history21theWorkingIndexesAreLostAndTheRoutesSurvive() throws Exception {
    source.put(1, "y", "moved");
    master.cycle.run();
    master.close();
    DurableFiles.deleteTree(Master.work(root, "cities"));
    source.delete(2);
    source.put(3, "y", "moved");
    reopen();

    CycleReport report = master.cycle.run();

    assertThat(report.counts().added()).as("hydrated, not rebuilt").isLessThan(5);
    master.expectEqualTo(source);
  }

  @Test
  void history21theRoutesAreLostAndTheWorkingIndexesSurvive() throws Exception {
    master.close();
    DurableFiles.deleteTree(Master.work(root, "routing"));
    source.delete(2);
    source.put(3, "y", "moved");
    reopen();

    master.cycle.run();

    master.expectEqualTo(source);
  }

  @Test
  void history21oneCityIsLostAfterACycleThatWasNotPublished() throws Exception {
    source.put(1, "y", "moved");
    source.put(2, "x", "edited");
    Files.createDirectories(root.resolve("elsewhere"));
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("elsewhere/snapshots"));
    Files.writeString(snapshots, "no folder");
    CycleReport failed = master.cycle.run();
    assertThat(failed.outcome())
        .isInstanceOfSatisfying(
            CycleOutcome.Failed.class,
            f -> assertThat(f.stage()).isEqualTo(CycleOutcome.Stage.PUBLISH));
    master.close();
    Files.delete(snapshots);
    Files.move(root.resolve("elsewhere/snapshots"), snapshots);
    DurableFiles.deleteTree(Master.work(root, "cities").resolve("x"));
    reopen();

    master.settle();

    master.expectEqualTo(source);
  }

  @Test
  void history23aCityThatWasCommittedButNotPublishedIsPublishedThoughNoRowChanged()
      throws Exception {
    source.put(1, "x", "edited");
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    Files.delete(snapshots);
    Files.move(root.resolve("aside"), snapshots);

    CycleReport report = master.cycle.run();

    assertThat(report.counts().applied()).isZero();
    assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
    master.expectEqualTo(source);
  }

  @Test
  void aFailedPollLosesNothing() throws Exception {
    source.put(1, "x", "edited");
    source.delete(2);
    source.failNext(1);

    CycleReport report = master.cycle.run();

    assertThat(report.outcome())
        .isInstanceOfSatisfying(
            CycleOutcome.Failed.class,
            failed -> {
              assertThat(failed.stage()).isEqualTo(CycleOutcome.Stage.POLL);
              assertThat(failed.failure()).isEqualTo("LostDuringQuery");
              assertThat(failed.isTransient()).isTrue();
            });
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void oneFailingCityIsRetriedFromItsOwnPositionAndOthersGoOn() throws Exception {
    disk.fail("y");
    for (int i = 0; i < 5; i++) {
      source.put(21 + i, "y", "edited");
      source.put(1 + i, "x", "edited " + i);
      CycleReport report = master.cycle.run();
      assertThat(report.failed()).containsOnlyKeys(Y);
      assertThat(master.published().get(1L + i)).extracting(Row::title).contains("edited " + i);
    }
    SourcePosition left = master.cycle.behind().get(Y);
    assertThat(master.snapshot().cities().get(Y).behind()).isEqualTo(left);
    disk.heal();
    restart();

    CycleReport report = master.cycle.run();

    assertThat(report.behind()).isEmpty();
    assertThat(report.counts().replaced()).isEqualTo(5);
    master.expectEqualTo(source);
  }

  @Test
  void aDamagedCityIsHydratedAndGoesOn() throws Exception {
    source.put(1, "x", "edited");
    master.cycle.run();
    master.close();
    try (var files = Files.newDirectoryStream(master.city("x"), "segments_*")) {
      for (Path file : files) {
        // A new file: the old one is shared with the repository by a hard link.
        Files.delete(file);
        Files.writeString(file, "damaged");
      }
    }
    source.put(2, "x", "edited");
    reopen();

    assertThat(master.cycle.run().failed()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void aCityThatIsDamagedInTheRepositoryTooIsReadFromTheStart() throws Exception {
    source.put(1, "x", "edited");
    master.cycle.run();
    master.close();
    try (var files = Files.newDirectoryStream(master.city("x"), "*.cfs")) {
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
    DurableFiles.deleteTree(master.city("x"));
    reopen();

    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aTableThatIsReadInManyBatchesIsPublishedWhole() throws Exception {
    FakeChangeSource large = new FakeChangeSource(10, 3);
    for (long id = 0; id < 95; id++) {
      large.put(id, "city " + id % 7, "t" + id);
    }
    large.delete(3);
    try (Master other = Master.start(root.resolve("other"), large, disk, new SystemTime())) {
      int held = 0;
      CycleReport report = other.cycle.run();
      while (report.moreToRead()) {
        assertThat(report.outcome()).isInstanceOf(CycleOutcome.Held.class);
        assertThat(other.publisher.current()).isEmpty();
        held++;
        report = other.cycle.run();
      }
      assertThat(held).isEqualTo(9);
      assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
      other.expectEqualTo(large);
    }
  }

  @Test
  void aFailingCityCatchesUpInSmallBatches() throws Exception {
    FakeChangeSource large = new FakeChangeSource(10, 3);
    large.put(0, "x", "t");
    large.put(1, "y", "t");
    try (Master other = Master.start(root.resolve("other"), large, disk, new SystemTime())) {
      other.cycle.run();
      disk.fail("y");
      for (long id = 2; id < 60; id++) {
        large.put(id, id % 2 == 0 ? "x" : "y", "t" + id);
        if (id % 10 == 0) {
          other.cycle.run();
        }
      }
      large.put(2, "y", "moved");
      large.put(3, "x", "moved");
      other.cycle.run();
      disk.heal();
      other.settle();
      assertThat(other.cycle.behind()).isEmpty();
      other.expectEqualTo(large);
    }
  }

  @Test
  void mergesRunAfterPublicationAndAreFinishedForCron() throws Exception {
    Path eager = root.resolve("eager");
    BuildOptions options = new BuildOptions(1, 4, 16, false, Master.EAGER);
    try (Master other =
        Master.start(eager, source, disk, new SystemTime(), FakeChangeSource.SCHEMA, options)) {
      for (long id = 0; id < 12; id++) {
        source.put(id, "x", "again " + id);
        other.cycle.run();
      }
      other.cycle.finishMerges(Duration.ofSeconds(30));

      assertThat(other.cities().statistics())
          .filteredOn(city -> city.city().equals(X))
          .singleElement()
          .satisfies(city -> assertThat(city.segments()).isLessThan(5));
      other.expectEqualTo(source);
      assertThat(other.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
    }
  }

  @Test
  void aChangedSchemaIsRefused() throws Exception {
    IndexSchema changed =
        new IndexSchema(
            FormatVersion.CURRENT,
            List.of(KeyType.BIGINT),
            List.of(
                new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
                new FieldSpec("price", FieldType.LONG, null, false, true, true)),
            List.of("title"));
    master.close();
    open(changed);
    assertThat(master.cycle.run().outcome())
        .isInstanceOfSatisfying(
            CycleOutcome.Failed.class,
            failed -> {
              assertThat(failed.failure()).isEqualTo("SchemaChanged");
              assertThat(failed.message())
                  .contains("25 documents", "bin/indexer rebuild --all", "put the fields back");
              assertThat(failed.isTransient()).isFalse();
            });
    assertThat(master.published()).hasSize(25);
  }

  @Test
  void aLostRepositoryIsBuiltAnew() throws Exception {
    source.delete(1);
    master.close();
    DurableFiles.deleteTree(root.resolve("repository"));
    reopen();

    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aPlanChangesNothing() throws Exception {
    master.settle();
    source.put(1, "y", "moved");
    source.put(2, "x", "edited");
    source.delete(3);
    SortedSet<String> before = master.files();

    CyclePlan plan = master.cycle.plan();

    assertThat(plan.cities().get(Y).added()).isEqualTo(1);
    assertThat(plan.cities().get(X).replaced()).isEqualTo(1);
    assertThat(plan.cities().get(X).removed()).isEqualTo(2);
    assertThat(plan.moved()).isEqualTo(1);
    assertThat(plan.isEmpty()).isFalse();
    assertThat(master.files()).isEqualTo(before);
    master.cycle.run();
    master.expectEqualTo(source);
    assertThat(master.cycle.plan().isEmpty()).isTrue();
  }

  @Test
  void aDocumentThatLuceneRefusesStopsNoOther() throws Exception {
    IndexSchema schema =
        new IndexSchema(
            FormatVersion.CURRENT,
            List.of(KeyType.BIGINT),
            List.of(
                new FieldSpec("title", FieldType.KEYWORD, null, false, true, true),
                new FieldSpec("price", FieldType.LONG, null, false, true, true)),
            List.of());
    FakeChangeSource words = new FakeChangeSource();
    words.put(1, "x", "short");
    words.put(2, "x", "w".repeat(40_000));
    master.close();
    try (Master other =
        Master.start(
            root.resolve("other"), words, disk, new SystemTime(), schema, BuildOptions.of(2))) {
      CycleReport report = other.cycle.run();
      assertThat(report.counts().rejected())
          .singleElement()
          .satisfies(
              rejected -> {
                assertThat(rejected.key()).isEqualTo(FakeChangeSource.key(2));
                assertThat(rejected.reason()).contains("immense term");
              });
      assertThat(other.published()).containsOnlyKeys(1L);
      other.cycle.finishMerges(Duration.ofSeconds(30));
      assertThat(other.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
      other.checkIndexes();
    }
  }

  private void restart() throws Exception {
    master.close();
    reopen();
  }

  private void reopen() throws Exception {
    master = Master.start(root, source, disk, new SystemTime());
  }

  private void open(IndexSchema schema) throws Exception {
    master = Master.start(root, source, disk, new SystemTime(), schema, BuildOptions.of(2));
  }

  private static List<String> withoutLocks(SortedSet<String> files) {
    return files.stream().filter(file -> !file.endsWith("write.lock")).toList();
  }
}
