package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotPublisherIT {
  @TempDir Path folder;
  private TestMaster master;

  @BeforeEach
  void start() {
    master = new TestMaster(folder);
  }

  @AfterEach
  void everythingPublishedIsSound() throws Exception {
    master.close();
    RepositoryChecks.complete(master.root);
    RepositoryChecks.checkIndexes(master.root);
  }

  @Test
  void aChangedCityIsPublishedAsAChangeOverTheLastSnapshot() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    TestCity rome = master.city("São Paulo").put(2, "two", 20);
    SnapshotPublisher publisher = master.open();
    PublishReport first = publisher.publish(master.commit(berlin, rome));
    PublishReport second = publisher.publish(master.commit(berlin.put(3, "three", 30).remove(1)));

    assertThat(first.generation()).isEqualTo(new Generation(1, 1));
    assertThat(second.generation()).isEqualTo(new Generation(1, 2));
    assertThat(second.cities()).isEqualTo(1);
    Snapshot snapshot = RepositoryChecks.complete(master.root);
    assertThat(snapshot.manifest().base()).isEqualTo(first.generation());
    assertThat(snapshot.manifest().cities())
        .extracting(CityEntry::city)
        .containsExactly(berlin.city());
    assertThat(snapshot.documents()).isEqualTo(2);
    assertThat(publisher.current()).contains(snapshot);
    assertThat(snapshot.manifest().position()).isEqualTo(TestCity.position(2));
  }

  @Test
  void publishedFilesAreLinksAndTheirDigestsAreKnownNextTime() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    SnapshotPublisher publisher = master.open();
    publisher.publish(master.commit(berlin));
    CityCommit commit = master.commit(berlin.put(2, "two", 20)).commits().getFirst();
    PublishReport report = publisher.publish(master.request(commit));

    CityManifest manifest = master.repository().cityManifest(master.entry("berlin"));
    for (String file : commit.files()) {
      Path published =
          master
              .repository()
              .layout()
              .incarnation(commit.city(), commit.incarnation())
              .resolve(file);
      assertThat(key(published)).isEqualTo(key(commit.folder().resolve(file)));
    }
    assertThat(report.files()).isLessThan(manifest.files().size());
    assertThat(manifest.segmentsFile()).isEqualTo(commit.segmentsFile());
    assertThat(manifest.file("_0.si").orElseThrow().segment()).isEqualTo("_0");
    assertThat(manifest.file(commit.segmentsFile()).orElseThrow().segment()).isEmpty();
  }

  @Test
  void aQuietRefreshMakesNoGeneration() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    SnapshotPublisher publisher = master.open();
    PublishRequest request = master.commit(berlin);
    publisher.publish(request);
    List<Path> before = files();
    master.time.advance(Duration.ofMinutes(1));
    publisher.refresh(new FreshnessClaim(master.time.now(), Map.of(), null, null));
    PublishReport again = publisher.publish(request);

    assertThat(again.generation()).isEqualTo(new Generation(1, 1));
    assertThat(again.cities()).isZero();
    assertThat(files()).isEqualTo(before);
    assertThat(master.repository().latest().orElseThrow().readThrough())
        .isEqualTo(master.time.now());
    assertThat(master.repository().latest().orElseThrow().advertisedAt())
        .isEqualTo(master.time.now());
  }

  @Test
  void refreshingNothingIsNothing() throws Exception {
    master.open().refresh(FreshnessClaim.NONE);

    assertThat(master.repository().latest()).isEmpty();
    master.open().publish(master.request());
    assertThat(master.repository().latestSnapshot().orElseThrow().cities()).isEmpty();
  }

  @Test
  void oneChangedCityOf700WritesLittle() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    SnapshotPublisher publisher = master.open();
    CityCommit some = berlin.commit(1);
    List<CityCommit> all = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      all.add(
          new CityCommit(
              new City("city " + i),
              some.incarnation(),
              some.commit(),
              some.segmentsFile(),
              some.folder(),
              some.files(),
              some.documents(),
              some.deletedDocuments(),
              some.position()));
    }
    publisher.publish(master.request(all.toArray(CityCommit[]::new)));
    CityCommit changed = berlin.put(2, "two", 20).commit(2);
    PublishReport report = publisher.publish(master.request(changed));

    RepositoryLayout layout = master.repository().layout();
    long bytes =
        Files.size(layout.resolve(RepositoryLayout.snapshotName(report.generation())))
            + Files.size(layout.resolve(RepositoryLayout.cityManifestName(master.entry("berlin"))))
            + Files.size(layout.latest());
    assertThat(bytes).isLessThan(8 << 10);
  }

  @Test
  void everyFiftiethManifestListsAllCities() throws Exception {
    master.options = new PublishOptions(master.options.stateFile(), 3, master.options.retention());
    TestCity berlin = master.city("berlin");
    List<Boolean> full = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      // Opened anew each time, as a cron job does.
      master.open().publish(master.commit(berlin.put(i, "title", i)));
      SnapshotManifest manifest = master.repository().latestSnapshot().orElseThrow().manifest();
      full.add(manifest.base() == null);
    }

    assertThat(full).containsExactly(true, false, false, true, false, false, true);
  }

  @Test
  void thePackHoldsTheNewSmallFilesAndIsTheSameForTheSameFiles() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    SnapshotPublisher publisher = master.open();
    publisher.publish(master.commit(berlin));
    PublishReport report = publisher.publish(master.commit(berlin.put(2, "two", 20)));

    Map<String, Digest> packed = unpack(report.generation());
    CityEntry entry = master.entry("berlin");
    String name = RepositoryLayout.cityManifestName(entry);
    assertThat(packed).containsEntry(name, entry.manifest());
    assertThat(packed).hasSize(report.files() + 1);
    for (Map.Entry<String, Digest> file : packed.entrySet()) {
      assertThat(Digest.ofFile(master.repository().layout().resolve(file.getKey())))
          .isEqualTo(file.getValue());
    }
    assertThat(RepositoryChecks.complete(master.root).manifest().pack().files())
        .isEqualTo(packed.size());
  }

  @Test
  void aNameWithAnotherContentBeginsANewIncarnationThatIsContinued() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    SnapshotPublisher publisher = master.open();
    PublishRequest first = master.commit(berlin);
    CityCommit commit = first.commits().getFirst();
    Path taken = master.repository().layout().incarnation(commit.city(), commit.incarnation());
    Files.createDirectories(taken);
    Files.write(taken.resolve(commit.segmentsFile()), new byte[] {1, 2, 3});

    publisher.publish(first);
    CityEntry entry = master.entry("berlin");
    assertThat(entry.incarnation()).isNotEqualTo(commit.incarnation());
    master.open().publish(master.commit(berlin.put(2, "two", 20)));
    assertThat(master.entry("berlin").incarnation()).isEqualTo(entry.incarnation());
  }

  @Test
  void equalFilesOfAnotherInodeAreKept() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    PublishRequest first = master.commit(berlin);
    SnapshotPublisher publisher = master.open();
    publisher.publish(first);
    CityCommit commit = first.commits().getFirst();
    Path place =
        master
            .repository()
            .layout()
            .incarnation(commit.city(), commit.incarnation())
            .resolve("_0.si");
    byte[] bytes = Files.readAllBytes(place);
    Files.delete(place);
    Files.write(place, bytes);

    publisher.publish(master.commit(berlin.put(2, "two", 20)));
    assertThat(master.entry("berlin").incarnation()).isEqualTo(commit.incarnation());
    assertThat(key(place)).isEqualTo(key(commit.folder().resolve("_0.si")));
  }

  @Test
  void aCommitThatIsNotWhatItSaysIsNotPublished() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    SnapshotPublisher publisher = master.open();
    publisher.publish(master.commit(berlin));
    CityCommit honest = berlin.put(2, "two", 20).commit(2);
    CityCommit lying =
        new CityCommit(
            honest.city(),
            honest.incarnation(),
            honest.commit(),
            honest.segmentsFile(),
            honest.folder(),
            honest.files(),
            7,
            0,
            honest.position());

    assertThatThrownBy(() -> publisher.publish(master.request(lying)))
        .isInstanceOf(PublishException.GateClosed.class)
        .hasMessage(
            "city berlin: commit 2 in "
                + honest.folder()
                + " has live documents 2, the build counted 7; not published. Rebuild this city");
    assertThat(RepositoryChecks.generation(master.root)).isEqualTo(new Generation(1, 1));
    publisher.publish(master.request(honest));
  }

  @Test
  void aCityThatFallsBehindOrCatchesUpChangesItsEntryAlone() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    TestCity rome = master.city("rome").put(2, "two", 20);
    SnapshotPublisher publisher = master.open();
    publisher.publish(master.commit(berlin, rome));
    PublishRequest next = master.commit(berlin.put(3, "three", 30));
    publisher.publish(
        new PublishRequest(
            next.commits(),
            List.of(),
            next.schema(),
            next.position(),
            Map.of(rome.city(), TestCity.position(1)),
            next.claim()));
    assertThat(master.entry("rome").behind()).isEqualTo(TestCity.position(1));
    CityEntry before = master.entry("rome");
    publisher.publish(master.request());

    assertThat(master.entry("rome").behind()).isNull();
    assertThat(master.entry("rome").hasSameFilesAs(before)).isTrue();
    assertThatThrownBy(
            () ->
                publisher.publish(
                    new PublishRequest(
                        List.of(),
                        List.of(),
                        next.schema(),
                        next.position(),
                        Map.of(new City("new"), TestCity.position(1)),
                        next.claim())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("city new is behind and has no published commit");
  }

  @Test
  void aRemovedCityIsGoneFromTheNextSnapshot() throws Exception {
    TestCity berlin = master.city("berlin").put(1, "one", 10);
    TestCity rome = master.city("rome").put(2, "two", 20);
    SnapshotPublisher publisher = master.open();
    PublishRequest first = master.commit(berlin, rome);
    publisher.publish(first);
    publisher.publish(
        new PublishRequest(
            List.of(),
            List.of(rome.city()),
            first.schema(),
            first.position(),
            Map.of(),
            first.claim()));

    assertThat(RepositoryChecks.complete(master.root).cities()).containsOnlyKeys(berlin.city());
  }

  private List<Path> files() throws Exception {
    try (var files = Files.walk(master.root)) {
      return files.sorted().toList();
    }
  }

  private Map<String, Digest> unpack(Generation generation) throws Exception {
    Map<String, Digest> files = new TreeMap<>();
    Path pack = master.repository().layout().resolve(RepositoryLayout.packName(generation));
    try (InputStream in = Files.newInputStream(pack);
        TarArchiveInputStream tar = new TarArchiveInputStream(new ZstdCompressorInputStream(in))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        assertThat(e.getLastModifiedTime().toMillis()).isZero();
        assertThat(e.getUserName()).isEmpty();
        files.put(e.getName(), Digest.of(tar.readAllBytes()));
      }
    }
    return files;
  }

  private static Object key(Path file) throws Exception {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
