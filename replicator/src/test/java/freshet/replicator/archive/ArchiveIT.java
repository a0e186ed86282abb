package freshet.replicator.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.files.FaultyFileSystem;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.repository.ByteProgress;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.repository.Scrub;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives that are written and read again. Two cities, two snapshots, the second a change. */
class ArchiveIT {
  private static final Generation FIRST = new Generation(1, 1);
  private static final Generation SECOND = new Generation(1, 2);

  @TempDir Path folder;

  private final ManualTime time = new ManualTime(TestMaster.START);
  private TestMaster master;

  @BeforeEach
  void twoSnapshots() throws Exception {
    master = new TestMaster(folder.resolve("master"));
    TestCity boston = master.city("boston").put(1, "one", 1);
    TestCity berlin = master.city("berlin").put(2, "two", 2);
    try (SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(boston, berlin));
      publisher.publish(master.commit(boston.put(3, "three", 3).remove(1)));
    }
  }

  @AfterEach
  void close() throws Exception {
    master.close();
  }

  @Test
  void whatIsImportedIsWhatWasExported() throws Exception {
    Path file = export(null, CitySubset.ALL);
    List<ByteProgress> progress = new ArrayList<>();
    Path into = folder.resolve("into");

    ArchiveReport report = new SnapshotImport(repository(into), time).read(file, progress::add);

    assertThat(report.generation()).isEqualTo(SECOND);
    assertThat(report.cities()).isEqualTo(2);
    assertThat(report.documents()).isEqualTo(2);
    assertThat(progress.getLast()).isEqualTo(new ByteProgress(Files.size(file), Files.size(file)));
    assertSame(into, SECOND);
    assertThat(repository(into).layout().imports()).doesNotExist();
    assertThat(new Scrub(repository(into), Long.MAX_VALUE, time).run(unused -> {}).bad()).isEmpty();
  }

  @Test
  void theSameSnapshotGivesTheSameBytes() throws Exception {
    Path one = export(SECOND, CitySubset.ALL);
    Path other = export(SECOND, CitySubset.ALL);
    assertThat(Digest.ofFile(one)).isEqualTo(Digest.ofFile(other));
  }

  @Test
  void anUnfoldedArchiveIsARepository() throws Exception {
    MadeArchive made = MadeArchive.read(export(null, CitySubset.ALL));
    Path unfolded = folder.resolve("unfolded");
    for (MadeArchive.Member member : made.members) {
      Path file = unfolded.resolve(member.name());
      Files.createDirectories(file.getParent());
      Files.write(file, member.bytes());
    }
    assertSame(unfolded, SECOND);
  }

  @Test
  void anOlderSnapshotSaysHowFreshEachCityWasThen() throws Exception {
    Path into = folder.resolve("into");
    new SnapshotImport(repository(into), time).read(export(FIRST, CitySubset.ALL), unused -> {});
    assertSame(into, FIRST);
    CityEntry boston = repository(into).latestSnapshot().orElseThrow().city(city("boston")).get();
    assertThat(repository(into).latest().orElseThrow().readThrough(boston))
        .isEqualTo(java.util.Optional.ofNullable(boston.readThrough()));
  }

  @Test
  void aSubsetHoldsItsCitiesAndSaysSo() throws Exception {
    Path into = folder.resolve("into");
    CitySubset bostons = CitySubset.of(List.of("bos*"));
    new SnapshotImport(repository(into), time).read(export(null, bostons), unused -> {});
    assertThat(repository(into).subset()).isEqualTo(bostons);
    Snapshot there = repository(into).latestSnapshot().orElseThrow();
    assertThat(there.cities().keySet()).isEqualTo(Set.of(city("boston")));
    RepositoryChecks.checkIndexes(into);

    assertThatThrownBy(() -> export(null, CitySubset.of(List.of("bonn"))))
        .isInstanceOf(ArchiveException.Refused.class)
        .hasMessageContaining("matches [bonn]; it has berlin, boston");
    // What holds less does not come in the place of what holds all.
    new SnapshotImport(repository(folder.resolve("all")), time)
        .read(export(FIRST, CitySubset.ALL), unused -> {});
    refuses(folder.resolve("all"), export(null, bostons), "it holds the cities all, the archive");
  }

  @Test
  void aNewerArchiveIsTakenAndAnOlderOrForeignOneRefused() throws Exception {
    Path into = folder.resolve("into");
    Path first = export(FIRST, CitySubset.ALL);
    Path second = export(SECOND, CitySubset.ALL);
    new SnapshotImport(repository(into), time).read(first, unused -> {});
    new SnapshotImport(repository(into), time).read(second, unused -> {});
    assertSame(into, SECOND);
    new SnapshotImport(repository(into), time).read(second, unused -> {});
    refuses(into, first, "it has 1-0000000002, the archive has the older 1-0000000001");

    try (TestMaster other = new TestMaster(folder.resolve("other"), 43)) {
      TestCity rome = other.city("rome").put(1, "one", 1);
      try (SnapshotPublisher publisher = other.open()) {
        publisher.publish(other.commit(rome));
        refuses(other.root, second, "the archive is of");
      }
    }
    assertSame(into, SECOND);
  }

  @Test
  void aRepositoryThatAMasterPublishesToIsLeftToIt() throws Exception {
    Path file = export(SECOND, CitySubset.ALL);
    SnapshotPublisher running = master.open();
    try (running) {
      assertThatThrownBy(() -> new SnapshotImport(master.repository(), time).read(file, none -> {}))
          .isInstanceOf(ArchiveException.InUse.class)
          .hasMessageContaining("is published to by a master");
    }
    new SnapshotImport(master.repository(), time).read(file, none -> {});
    RepositoryChecks.complete(master.root);
  }

  @Test
  void aDamagedFileIsNotExported() throws Exception {
    CityEntry entry = master.entry("boston");
    String name =
        master.repository().cityManifest(entry).files().stream()
            .map(FileEntry::name)
            .filter(file -> file.endsWith(".cfs"))
            .findFirst()
            .orElseThrow();
    Path rotten =
        master.repository().layout().incarnation(entry.city(), entry.incarnation()).resolve(name);
    byte[] bytes = Files.readAllBytes(rotten);
    bytes[bytes.length / 2] ^= 4;
    Files.write(rotten, bytes);
    assertThatThrownBy(() -> export(null, CitySubset.ALL))
        .isInstanceOf(ArchiveException.Damaged.class)
        .hasMessageContaining(name + " is not what its manifest says");
    Files.delete(rotten);
    assertThatThrownBy(() -> export(null, CitySubset.ALL))
        .isInstanceOf(ArchiveException.Damaged.class)
        .hasMessageContaining(name + " is gone");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).noneMatch(file -> file.toString().contains("zst"));
    }
  }

  @Test
  void itTakesAFileThatIsNotThereInAFolderThatIs() throws Exception {
    SnapshotExport export = new SnapshotExport(master.repository(), master.time);
    Path there = export(null, CitySubset.ALL);
    assertThatThrownBy(() -> export.write(null, CitySubset.ALL, there, unused -> {}))
        .isInstanceOf(ArchiveException.Refused.class)
        .hasMessageContaining("exists");
    Path nowhere = folder.resolve("no/such/export.tar.zst");
    assertThatThrownBy(() -> export.write(null, CitySubset.ALL, nowhere, unused -> {}))
        .isInstanceOf(ArchiveException.Refused.class)
        .hasMessageContaining("there is no folder for");
  }

  @ParameterizedTest
  @EnumSource
  void everyFailedOperationLeavesNothingOrTheWhole(FaultyFileSystem.Mode mode) throws Exception {
    Path first = export(FIRST, CitySubset.ALL);
    Path second = export(SECOND, CitySubset.ALL);
    int operations = 0;
    for (int n = 1; operations == 0 || n <= operations; n++) {
      Path into = folder.resolve(mode + "-" + n);
      boolean hadFirst = n % 2 == 0;
      if (hadFirst) {
        new SnapshotImport(repository(into), time).read(first, unused -> {});
      }
      FaultyFileSystem faulty = new FaultyFileSystem();
      faulty.failAt(n, mode);
      try {
        new SnapshotImport(repository(faulty.wrap(into)), time).read(second, unused -> {});
        operations = Math.max(operations, faulty.count());
      } catch (IOException e) {
        if (Files.exists(into.resolve("LATEST"))) {
          Snapshot after = repository(into).latestSnapshot().orElseThrow();
          assertSameFiles(into, after.generation());
        } else {
          assertThat(hadFirst).isFalse();
        }
      }
      new SnapshotImport(repository(into), time).read(second, unused -> {});
      assertSameFiles(into, SECOND);
    }
    assertThat(operations).isGreaterThan(50);
  }

  @Test
  void flippedBitsAreNoticedOrMeanNothing() throws Exception {
    Path file = export(null, CitySubset.ALL);
    byte[] good = Files.readAllBytes(file);
    Path bad = folder.resolve("bad");
    Random random = new Random(7);
    int noticed = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(bad, bytes);
      Path into = folder.resolve("into-" + i);
      try {
        new SnapshotImport(repository(into), time).read(bad, unused -> {});
        assertSameFiles(into, SECOND);
      } catch (ArchiveException.Damaged e) {
        noticed++;
        assertThat(into).doesNotExist();
      }
    }
    assertThat(noticed).isGreaterThan(290);
  }

  private void refuses(Path into, Path file, String why) {
    assertThatThrownBy(() -> new SnapshotImport(repository(into), time).read(file, unused -> {}))
        .isInstanceOf(ArchiveException.Refused.class)
        .hasMessageContaining(why);
  }

  private int exports;

  private Path export(Generation generation, CitySubset cities) throws Exception {
    Path file = folder.resolve("export-%d.tar.zst".formatted(exports++));
    new SnapshotExport(master.repository(), master.time)
        .write(generation, cities, file, unused -> {});
    return file;
  }

  /** LATEST names it, every file is there as the master has it, and opens. */
  private void assertSame(Path root, Generation generation) throws IOException {
    assertSameFiles(root, generation);
    RepositoryChecks.checkIndexes(root);
  }

  private void assertSameFiles(Path root, Generation generation) throws IOException {
    LocalRepository there = repository(root);
    Snapshot snapshot = there.latestSnapshot().orElseThrow();
    Snapshot original = master.repository().snapshot(generation).orElseThrow();
    assertThat(snapshot).isEqualTo(original);
    there.schema(snapshot.manifest().schema());
    for (CityEntry entry : snapshot.cities().values()) {
      for (FileEntry file : there.cityManifest(entry).filesAndRecipes()) {
        Path path =
            there.layout().incarnation(entry.city(), entry.incarnation()).resolve(file.name());
        assertThat(Digest.ofFile(path)).as(path.toString()).isEqualTo(file.sha256());
      }
    }
  }

  private static City city(String name) {
    return new City(name);
  }

  private static LocalRepository repository(Path root) {
    return new LocalRepository(new RepositoryLayout(root));
  }
}
