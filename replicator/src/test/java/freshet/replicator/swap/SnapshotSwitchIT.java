package freshet.replicator.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotSwitchIT {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "standard", false, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true),
              new FieldSpec("pets", FieldType.BOOLEAN, null, false, true, true),
              new FieldSpec("at", FieldType.GEO_POINT, null, false, true, false)),
          List.of("title"));

  @TempDir Path folder;
  private RepositoryFixture master;
  private SnapshotSwitch snapshots;

  @BeforeEach
  void begin() throws IOException {
    master = new RepositoryFixture(folder, SCHEMA);
    snapshots = new SnapshotSwitch(master.repository(), 2, new SystemTime());
  }

  @AfterEach
  void end() throws IOException {
    snapshots.close();
    assertThat(snapshots.inUse()).isEmpty();
    master.checkIndexes();
    master.close();
  }

  @Test
  void nothingIsLeasedBeforeTheFirstSwitch() {
    assertThat(snapshots.acquire()).isEmpty();
    assertThat(snapshots.inUse()).isEmpty();
  }

  @Test
  void unchangedCitiesKeepTheirReaderAndChangedOnesTheirSegments() throws Exception {
    put("akron", 1);
    put("berlin", 2);
    SwitchReport first = switchTo(master.publish());
    assertThat(first.opened()).isEqualTo(2);
    DirectoryReader akron;
    Object segment;
    try (Lease lease = lease()) {
      akron = reader(lease, "akron");
      segment = core(reader(lease, "berlin"), 0);
    }

    put("berlin", 3);
    SwitchReport second = switchTo(master.publish());

    assertThat(second.opened()).isZero();
    assertThat(second.reopened()).isEqualTo(1);
    assertThat(second.reused()).isEqualTo(1);
    assertThat(second.documents()).isEqualTo(3);
    try (Lease lease = lease()) {
      assertThat(reader(lease, "akron")).isSameAs(akron);
      assertThat(core(reader(lease, "berlin"), 0)).isSameAs(segment);
      assertThat(lease.snapshot().allCities().numDocs()).isEqualTo(3);
    }
  }

  @Test
  void theCommitThatTheManifestNamesIsOpenedAndNotTheNewestInTheFolder() throws Exception {
    put("akron", 1);
    Snapshot older = master.publish();
    put("akron", 2);
    master.publish();

    switchTo(older);

    try (Lease lease = lease()) {
      assertThat(reader(lease, "akron").numDocs()).isEqualTo(1);
    }
  }

  @Test
  void aRollbackBringsDeletedDocumentsBack() throws Exception {
    put("akron", 1);
    put("akron", 2);
    Snapshot good = master.publish();
    switchTo(good);
    CityEntry entry = good.cities().get(new City("akron"));
    master.delete("akron", 2);
    switchTo(master.publish());
    master.delete("akron", 1);
    put("akron", 3);
    switchTo(master.publish());

    switchTo(master.rollBack(entry).publish());

    try (Lease lease = lease()) {
      assertThat(reader(lease, "akron").numDocs()).isEqualTo(2);
      assertThat(count(lease, 2)).isEqualTo(1);
    }
  }

  @Test
  void aRebuiltCityIsOpenedAnewAndARemovedOneIsGone() throws Exception {
    put("akron", 1);
    put("berlin", 2);
    switchTo(master.publish());
    master.rebuild("akron").remove("berlin");
    put("akron", 7);

    SwitchReport report = switchTo(master.publish());

    assertThat(report.opened()).isEqualTo(1);
    try (Lease lease = lease()) {
      assertThat(lease.snapshot().cities()).containsOnlyKeys(new City("akron"));
      assertThat(count(lease, 1)).isZero();
      assertThat(count(lease, 7)).isEqualTo(1);
    }
  }

  @Test
  void mergedAndEmptyCitiesOpen() throws Exception {
    put("akron", 1);
    master.city("empty").publish();
    put("akron", 2);
    master.delete("akron", 1);
    switchTo(master.publish());
    switchTo(master.merge("akron").publish());

    try (Lease lease = lease()) {
      assertThat(reader(lease, "akron").leaves()).hasSize(1);
      assertThat(reader(lease, "akron").numDeletedDocs()).isZero();
      assertThat(reader(lease, "empty").numDocs()).isZero();
    }
  }

  @Test
  void anOldSnapshotStaysInUseAndReadableUntilItsLastLeaseEnds() throws Exception {
    put("akron", 1);
    Snapshot first = master.publish();
    switchTo(first);
    Lease one = lease();
    Lease two = lease();
    put("akron", 2);
    Snapshot second = master.publish();
    switchTo(second);

    assertThat(snapshots.inUse()).containsExactly(first.generation(), second.generation());
    one.close();
    one.close();
    IndexReader old = reader(two, "akron");
    assertThat(snapshots.inUse()).contains(first.generation());
    assertThat(old.getRefCount()).isPositive();
    assertThat(count(two, 1)).isEqualTo(1);
    two.close();

    assertThat(snapshots.inUse()).containsExactly(second.generation());
    assertThat(old.getRefCount()).isZero();
  }

  @Test
  void everyReaderIsClosedInTheEnd() throws Exception {
    put("akron", 1);
    put("berlin", 2);
    switchTo(master.publish());
    put("berlin", 3);
    switchTo(master.publish());
    DirectoryReader akron;
    DirectoryReader berlin;
    try (Lease lease = lease()) {
      akron = reader(lease, "akron");
      berlin = reader(lease, "berlin");
    }

    snapshots.close();

    assertThat(akron.getRefCount()).isZero();
    assertThat(berlin.getRefCount()).isZero();
    assertThat(snapshots.acquire()).isEmpty();
  }

  @Test
  void aShortFileIsRefusedAndTheOldSnapshotGoesOn() throws Exception {
    put("akron", 1);
    put("berlin", 2);
    Snapshot good = master.publish();
    switchTo(good);
    put("akron", 3);
    put("berlin", 4);
    Snapshot bad = master.publish();
    Path file = newest(bad, "berlin");
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);
    Files.write(file, new byte[] {1, 2, 3});

    assertThatThrownBy(() -> switchTo(bad))
        .isInstanceOf(SwitchException.Damaged.class)
        .hasMessage(
            "city berlin: snapshot 1-0000000002 not switched to: %s has 3 bytes, its manifest says"
                    .formatted(file)
                + " %d; 1-0000000001 goes on being served;".formatted(whole.length)
                + " the next pull fetches what is wrong again");

    assertThat(snapshots.inUse()).containsExactly(good.generation());
    try (Lease lease = lease()) {
      assertThat(lease.snapshot().generation()).isEqualTo(good.generation());
      assertThat(count(lease, 3)).isZero();
      assertThat(count(lease, 1)).isEqualTo(1);
    }
    Files.delete(file);
    Files.write(file, whole);
    assertThat(switchTo(bad).reopened()).isEqualTo(2);
  }

  @Test
  void aMissingFileAndAFlippedManifestAreRefused() throws Exception {
    put("akron", 1);
    Snapshot snapshot = master.publish();
    Path file = newest(snapshot, "akron");
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);
    assertThatThrownBy(() -> switchTo(snapshot))
        .isInstanceOf(SwitchException.Damaged.class)
        .hasMessageContaining("there is no file " + file + "; nothing is served");
    Files.write(file, whole);

    CityEntry entry = snapshot.cities().get(new City("akron"));
    Path manifest = master.repository().layout().resolve(RepositoryLayout.cityManifestName(entry));
    try (RandomAccessFile bytes = new RandomAccessFile(manifest.toFile(), "rw")) {
      bytes.seek(20);
      bytes.write(bytes.read() ^ 1);
    }
    assertThatThrownBy(() -> switchTo(snapshot))
        .isInstanceOf(SwitchException.Damaged.class)
        .hasMessageContaining("was damaged or replaced");
    assertThat(snapshots.acquire()).isEmpty();
  }

  @Test
  void aCommitOfAnotherSchemaIsRefused() throws Exception {
    put("akron", 1);
    master.publish();
    IndexSchema other = new IndexSchema(1, SCHEMA.key(), SCHEMA.fields(), List.of());
    Digest digest = master.repository().write("schemas/other.json", other);
    Files.move(
        master.repository().layout().resolve("schemas/other.json"),
        master.repository().layout().resolve(RepositoryLayout.schemaName(digest)));
    Snapshot mixed = master.manifest(digest);

    assertThatThrownBy(() -> switchTo(mixed))
        .isInstanceOf(SwitchException.Damaged.class)
        .hasMessageContaining("its manifest was built by schema");
  }

  @Test
  void aCommitThatIsNotWhatItsManifestSaysIsRefused() throws Exception {
    put("akron", 1);
    Snapshot one = master.publish();
    master.rebuild("akron");
    put("akron", 1);
    put("akron", 2);
    Snapshot two = master.publish();
    // The other incarnation's files under this one's manifest, with lengths that happen to agree.
    CityEntry from = one.cities().get(new City("akron"));
    CityEntry to = two.cities().get(new City("akron"));
    var fake = master.repository().cityManifest(from);
    var lying =
        new freshet.replicator.snapshot.CityManifest(
            1,
            to.city(),
            from.incarnation(),
            fake.commit(),
            fake.segmentsFile(),
            2,
            0,
            fake.schema(),
            fake.files(),
            List.of(),
            fake.position());
    Digest digest =
        master
            .repository()
            .write(
                RepositoryLayout.cityManifestName(to.city(), from.incarnation(), fake.commit()),
                lying);
    master.rollBack(
        new CityEntry(to.city(), from.incarnation(), fake.commit(), digest, 2, 1, null, null));
    Snapshot wrong = master.publish();

    assertThatThrownBy(() -> switchTo(wrong))
        .isInstanceOf(SwitchException.Damaged.class)
        .hasMessageContaining(fake.segmentsFile() + " has live documents 1, its manifest says 2");
    master.rollBack(to);
  }

  @Test
  void newerAdvertisementsOfTheLiveSnapshotAreNoted() throws Exception {
    put("akron", 1);
    Snapshot first = master.publish();
    switchTo(first);
    put("akron", 2);
    Snapshot second = master.publish();

    assertThat(snapshots.readvertise(RepositoryFixture.advertisement(first))).isTrue();
    assertThat(snapshots.readvertise(RepositoryFixture.advertisement(second))).isFalse();
    assertThatThrownBy(() -> snapshots.switchTo(first, RepositoryFixture.advertisement(second)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** One document moves between two cities with each generation, while queries run. */
  @Test
  void aMovingDocumentIsNeitherDoubledNorMissingInAnyQuery() throws Exception {
    put("akron", 1);
    put("berlin", 2);
    switchTo(master.publish());
    AtomicBoolean isDone = new AtomicBoolean();
    try (ExecutorService queries = Executors.newFixedThreadPool(2)) {
      List<Future<Long>> running =
          List.of(queries.submit(() -> askUntil(isDone)), queries.submit(() -> askUntil(isDone)));
      try {
        String at = "akron";
        for (int i = 0; i < 30; i++) {
          String to = at.equals("akron") ? "berlin" : "akron";
          put(to, 1);
          master.delete(at, 1);
          if (i % 7 == 3) {
            master.merge(to);
          }
          switchTo(master.publish());
          at = to;
        }
      } finally {
        isDone.set(true);
      }
      for (Future<Long> asked : running) {
        assertThat(result(asked)).isPositive();
      }
    }
    assertThat(snapshots.inUse()).hasSize(1);
  }

  private long askUntil(AtomicBoolean isDone) throws IOException {
    long asked = 0;
    while (!isDone.get() || asked == 0) {
      try (Lease lease = lease()) {
        assertThat(count(lease, 1)).as("%s", lease.snapshot()).isEqualTo(1);
        assertThat(count(lease, 2)).isEqualTo(1);
      }
      asked++;
    }
    return asked;
  }

  private static <T> T result(Future<T> future) throws InterruptedException, ExecutionException {
    return future.get();
  }

  private void put(String city, long id) throws IOException {
    master.put(city, id, id, "word w" + id, id, id % 2 == 0, null);
  }

  private SwitchReport switchTo(Snapshot snapshot) throws SwitchException {
    return snapshots.switchTo(snapshot, RepositoryFixture.advertisement(snapshot));
  }

  private Lease lease() {
    return snapshots.acquire().orElseThrow();
  }

  private static DirectoryReader reader(Lease lease, String city) {
    return lease.snapshot().cities().get(new City(city)).reader();
  }

  private static Object core(DirectoryReader reader, int leaf) {
    return reader.leaves().get(leaf).reader().getCoreCacheHelper().getKey();
  }

  private static int count(Lease lease, long id) throws IOException {
    return new IndexSearcher(lease.snapshot().allCities())
        .count(new TermQuery(DocumentFields.idTerm(SCHEMA.keyCodec().encode(List.of(id)))));
  }

  private Path newest(Snapshot snapshot, String city) throws IOException {
    CityEntry entry = snapshot.cities().get(new City(city));
    var manifest = master.repository().cityManifest(entry);
    return master
        .repository()
        .layout()
        .incarnation(entry.city(), entry.incarnation())
        .resolve(manifest.segmentsFile());
  }
}
