package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityFolders;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.Finding;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.DocumentKey;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master takes rebuilt cities over, whatever happens meanwhile. */
class AdoptionIT {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final City Z = new City("z");
  private static final IndexSchema OTHER =
      new IndexSchema(
          FormatVersion.CURRENT,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true)),
          List.of("title"));

  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 3);
  private final FaultyDirectories disk = new FaultyDirectories();

  @TempDir Path folder;
  private Path root;
  private Master master;

  @BeforeEach
  void publish() throws Exception {
    root = folder.resolve("master");
    open();
    for (long id = 1; id <= 20; id++) {
      source.put(id, id <= 10 ? "x" : "y", "first " + id);
    }
    source.put(21, "z", "the only one");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
  }

  @AfterEach
  void stop() throws IOException {
    master.close();
  }

  @Test
  void allCitiesAreTakenOverInOneGeneration() throws Exception {
    source.delete(21);
    RebuildState ready = ready(null);
    changeMuch();
    Generation before = master.snapshot().generation();

    CycleReport report = master.cycle.run();

    assertThat(report.isClean()).isTrue();
    assertThat(master.snapshot().generation().number()).isEqualTo(before.number() + 1);
    expectAdopted(ready);
    assertThat(master.snapshot().cities()).doesNotContainKey(Z).hasSize(2);
    expectDone();
  }

  @Test
  void theRoutingTableOfAllCitiesIsTakenOverAsItIs() throws Exception {
    ready(null);
    DocumentKey mark = FakeChangeSource.key(999);
    try (RoutingTable theirs = RoutingTable.open(rebuild().routing())) {
      theirs.update(
          Map.of(mark, new TreeSet<>(List.of(X))),
          SourcePosition.START,
          theirs.contents().orElseThrow());
    }

    master.cycle.run();

    assertThat(master.routes().citiesOf(List.of(mark))).as("not learnt anew").hasSize(1);
  }

  @Test
  void oneCityIsTakenOverWhileTheOthersStay() throws Exception {
    changeMuch();
    master.cycle.run();
    CityEntry other = master.snapshot().cities().get(Y);
    RebuildState ready = ready(new TreeSet<>(List.of(X)));

    master.cycle.run();

    expectAdopted(ready);
    assertThat(master.snapshot().cities().get(Y).incarnation()).isEqualTo(other.incarnation());
    expectDone();
  }

  @Test
  void oneCityThatIsOlderThanWhatIsPublishedCatchesUpInTheSameCycle() throws Exception {
    RebuildState ready = ready(new TreeSet<>(List.of(X)));
    notYet(ready);
    changeMuch();
    master.cycle.run();
    RebuildFolder.in(root.resolve("work")).write(ready);

    assertThat(master.cycle.run().behind()).isEmpty();

    expectAdopted(ready);
    expectDone();
  }

  @Test
  void aRebuiltCityThatHasNoDocumentsEnds() throws Exception {
    source.delete(21);
    ready(new TreeSet<>(List.of(Z)));

    master.cycle.run();

    assertThat(master.snapshot().cities()).doesNotContainKey(Z);
    expectDone();
  }

  @Test
  void anotherSchemaIsTakenOverWithEverythingAtOnce() throws Exception {
    RebuildState ready = ready(null, OTHER);
    changeMuch();

    master.cycle.run();

    assertThat(master.snapshot().manifest().schema()).isEqualTo(ready.schema());
    assertThat(master.cities().schema()).isEqualTo(OTHER);
    expectAdopted(ready);
    expectDone();
  }

  @Test
  void whatIsStillBeingRebuiltIsLeftAlone() throws Exception {
    RebuildState ready = ready(null);
    for (Phase phase : List.of(Phase.READING, Phase.CATCHING_UP)) {
      rebuild().write(ready.in(phase));
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
      assertThat(rebuild().read().orElseThrow().phase()).isEqualTo(phase);
    }
  }

  @Test
  void aRebuildThatLacksACityIsNotUsedAndSaysSo() throws Exception {
    ready(null);
    DurableFiles.deleteTree(rebuild().cities().resolve(Y.folder()));
    Snapshot before = master.snapshot();

    for (int i = 0; i < 3; i++) {
      CycleReport report = master.cycle.run();
      assertThat(report.outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
      assertThat(report.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.what()).contains("is not used");
                assertThat(finding.evidence()).contains("city y", "found no index");
                assertThat(finding.fix()).contains("bin/indexer rebuild --all");
              });
    }
    assertThat(master.snapshot().generation()).isEqualTo(before.generation());
    // Whoever waits for the switch need not wait on.
    assertThat(rebuild().refusal()).get(STRING).contains("city y", "bin/indexer rebuild --all");
    rebuild().delete();
    assertThat(master.cycle.run().findings()).extracting(Finding::what).isEmpty();
  }

  @Test
  void whoWaitsHearsWhyAMasterCanNotTakeARebuildOver() throws Exception {
    RebuildState ready = ready(null);
    // As good as a file of another account, which root's tests could not tell from their own.
    Path lock = Files.createDirectory(root.resolve("work/rebuild.step.lock"));

    CycleReport report = master.cycle.run();

    assertThat(report.outcome()).isInstanceOf(CycleOutcome.Failed.class);
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.evidence()).contains("rebuild.step.lock"));
    assertThat(rebuild().waits())
        .get(STRING)
        .contains("is not used", "rebuild.step.lock", "belong to the account of the master");

    Files.delete(lock);
    master.cycle.run();
    expectAdopted(ready);
    expectDone();
    assertThat(rebuild().waits()).isEmpty();
  }

  @Test
  void aSourceThatFailsAfterTheSwitchLosesNothing() throws Exception {
    RebuildState ready = ready(null, OTHER);
    changeMuch();
    source.failNext(2);
    Generation before = master.snapshot().generation();
    for (int i = 0; i < 2; i++) {
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
      assertThat(master.snapshot().generation()).isEqualTo(before);
    }

    master.cycle.run();

    expectAdopted(ready);
    expectDone();
  }

  @Test
  void aPublicationThatFailsAfterTheSwitchLosesNothing() throws Exception {
    RebuildState ready = ready(null, OTHER);
    changeMuch();
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    source.put(2, "x", "changed after the failure");
    Files.delete(snapshots);
    Files.move(root.resolve("aside"), snapshots);

    master.cycle.run();

    expectAdopted(ready);
    expectDone();
  }

  @Test
  void aCityThatFailsAfterTheSwitchIsBehindAndTheOthersArePublished() throws Exception {
    RebuildState ready = ready(null);
    changeMuch();
    disk.fail("y");

    assertThat(master.cycle.run().failed()).containsOnlyKeys(Y);

    expectAdopted(ready);
    disk.heal();
    expectDone();
  }

  @Test
  void aRebuiltCityThatDoesNotOpenStaysAsItIsPublished() throws Exception {
    RebuildState ready = ready(null);
    changeMuch();
    try (var files = Files.newDirectoryStream(rebuild().cities().resolve("y"), "*.cfe")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }

    master.cycle.run();
    assertThat(master.cycle.run().isClean()).isTrue();

    assertThat(master.snapshot().cities().get(X).incarnation()).isEqualTo(ready.built().get(X));
    expectDone();
  }

  @Test
  void nothingOlderIsPublishedWhileARebuildCatchesUpInSmallBatches() throws Exception {
    FakeChangeSource small = new FakeChangeSource(4, 3);
    Path own = folder.resolve("small");
    try (Master other = Master.start(own, small, disk, new SystemTime())) {
      for (long id = 0; id < 4; id++) {
        small.put(id, "x", "first " + id);
      }
      other.cycle.run();
      RebuildState ready = ReadyRebuild.make(own, small, OTHER, null);
      RebuildFolder rebuild = RebuildFolder.in(own.resolve("work"));
      rebuild.write(ready.in(Phase.CATCHING_UP));
      for (long id = 4; id < 30; id++) {
        small.put(id, "x", "later " + id);
      }
      other.settle();
      rebuild.write(ready);

      CycleReport report = other.cycle.run();
      while (report.moreToRead()) {
        assertThat(report.outcome()).isInstanceOf(CycleOutcome.Held.class);
        assertThat(other.published()).hasSize(30);
        report = other.cycle.run();
      }
      assertThat(other.snapshot().manifest().schema()).isEqualTo(ready.schema());
      other.expectEqualTo(small);
    }
  }

  @Test
  void aKillAfterEachStepIsCompletedAtTheNextStart() throws Exception {
    source.delete(21);
    RebuildState ready = ready(null, OTHER);
    changeMuch();
    master.close();
    List<Path> images = new ArrayList<>();
    images.add(image("ready"));
    rebuild().write(ready.in(Phase.SWITCHING));
    images.add(image("switching"));
    CityFolders built = new CityFolders(rebuild().cities());
    CityFolders working = new CityFolders(Master.work(root, "cities"));
    DurableFiles.deleteTree(working.path().resolve("x"));
    images.add(image("x removed"));
    for (City city : ready.built().keySet()) {
      built.move(List.of(city), working);
      images.add(image("moved " + city));
    }
    working.remove(Z);
    images.add(image("ended z"));
    DurableFiles.deleteTree(Master.work(root, "routing"));
    images.add(image("without a routing table"));
    RoutingTable.replace(Master.work(root, "routing"), rebuild().routing());
    images.add(image("routing table"));
    Files.copy(rebuild().definition(), Master.work(root, "definition.json"));
    images.add(image("definition"));
    rebuild().write(ready.in(Phase.SWITCHED));
    images.add(image("switched"));
    // Everything up to the publication: a cycle that fails there.
    open();
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    master.close();
    Files.delete(snapshots);
    Files.move(root.resolve("aside"), snapshots);
    images.add(image("built"));
    open();
    master.cycle.run();
    master.close();
    rebuild().write(ready.in(Phase.SWITCHED));
    images.add(image("published"));

    for (Path image : images) {
      root = image;
      master = Master.start(root, source, IndexDirectories.FILES, new SystemTime());
      try {
        CycleReport report = master.cycle.run();
        assertThat(report.isClean()).isTrue();
        expectAdopted(ready);
        expectDone();
        master.cycle.finishMerges(Duration.ofSeconds(30));
        SortedSet<String> files = master.files();
        assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
        assertThat(master.files()).isEqualTo(files);
      } catch (AssertionError e) {
        throw new AssertionError("killed at " + image.getFileName() + ": " + e.getMessage(), e);
      }
      master.close();
    }
    open();
  }

  @Test
  void aKillAfterACityWithoutDocumentsWasBegunAnewIsCompleted() throws Exception {
    source.delete(21);
    ready(new TreeSet<>(List.of(X, Z)));
    source.put(22, "z", "another one");
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    Files.delete(snapshots);
    Files.move(root.resolve("aside"), snapshots);
    source.delete(22);
    source.put(23, "z", "yet another one");
    master.close();
    open();

    master.cycle.run();

    expectDone();
  }

  @Test
  void aKillBetweenTheSwitchOfOneCityAndItsPublicationIsCompleted() throws Exception {
    changeMuch();
    RebuildState ready = ready(new TreeSet<>(List.of(X, Z)));
    source.delete(21);
    source.put(22, "z", "another one");
    source.failNext(1);
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    assertThat(rebuild().read().orElseThrow().phase()).isEqualTo(Phase.SWITCHED);
    master.close();
    open();

    master.cycle.run();

    expectAdopted(ready);
    expectDone();
  }

  private RebuildState ready(SortedSet<City> only) throws Exception {
    return ready(only, FakeChangeSource.SCHEMA);
  }

  private RebuildState ready(SortedSet<City> only, IndexSchema schema) throws Exception {
    return ReadyRebuild.make(root, source, schema, only);
  }

  private RebuildFolder rebuild() {
    return RebuildFolder.in(root.resolve("work"));
  }

  private void notYet(RebuildState ready) throws IOException {
    rebuild().write(ready.in(Phase.CATCHING_UP));
  }

  /** Edits, moves, deletions, insertions. */
  private void changeMuch() {
    source.put(1, "x", "edited");
    source.put(2, "y", "moved");
    source.put(11, "x", "moved the other way");
    source.delete(3);
    source.delete(12);
    source.put(30, "x", "inserted");
    source.put(31, "y", "inserted");
  }

  private Path image(String name) throws IOException {
    Path image = folder.resolve(name);
    Master.copy(root, image);
    return image;
  }

  private void open() throws Exception {
    master =
        Master.start(
            root, source, disk, new SystemTime(), FakeChangeSource.SCHEMA, BuildOptions.of(2));
  }

  private void expectAdopted(RebuildState ready) {
    ready
        .built()
        .forEach(
            (city, incarnation) ->
                assertThat(master.snapshot().cities().get(city).incarnation())
                    .as("city %s", city)
                    .isEqualTo(incarnation));
  }

  /** Nothing of the rebuild is left, and everything is equal, also after a restart. */
  private void expectDone() throws Exception {
    master.settle();
    assertThat(rebuild().path()).doesNotExist();
    master.expectEqualTo(source);
    source.put(5, "y", "moved at the end");
    master.settle();
    master.close();
    master = Master.start(root, source, disk, new SystemTime());
    master.settle();
    master.expectEqualTo(source);
  }
}
