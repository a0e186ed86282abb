package freshet.indexer.build;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.route.CityBatch;
import freshet.indexer.source.Change;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.schema.CommitData;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CityIndexesIT {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final MergeOptions EAGER = new MergeOptions(2, 2, 1024, 1024, MergeLimits.NONE);

  private final FaultyDirectories disk = new FaultyDirectories();

  @TempDir Path folder;

  @Test
  void history25noCommitHoldsHalfABatchWhileMergesEnd() throws Exception {
    int batches = 60;
    int documents = 40;
    Random random = new Random(25);
    try (CityIndexes cities = open(new BuildOptions(1, 8, 16, false, EAGER))) {
      List<CityCommit> commits = new ArrayList<>();
      for (int n = 1; n <= batches; n++) {
        List<Change.Upsert> upserts = new ArrayList<>();
        for (long id = 0; id < documents; id++) {
          upserts.add(upsert(id, n, "x", "batch" + n));
        }
        CityOutcome outcome = apply(cities, new CityBatch(X, upserts, List.of()), n);
        commits.add(((CityOutcome.Committed) outcome).commit());
        cities.startMerges();
        if (random.nextBoolean()) {
          commits.addAll(cities.commitMerges());
        }
        for (CityCommit commit : commits) {
          assertThat(titles(commit)).containsExactly("batch" + n);
          assertThat(position(commit)).isEqualTo(at(n));
          assertThat(commit.position()).isEqualTo(at(n));
          assertThat(commit.documents()).isEqualTo(documents);
          cities.release(commit);
        }
        commits.clear();
      }
      assertThat(cities.awaitMerges(Deadline.after(new SystemTime(), Duration.ofSeconds(30))))
          .isTrue();
      cities.commitMerges().forEach(cities::release);
      assertThat(cities.statistics().getFirst().segments()).isLessThan(6);
    }
    check("x");
  }

  @Test
  void aBatchWithNothingNewWritesNoFileAndOpensNoWriter() throws Exception {
    CityBatch batch =
        new CityBatch(
            X,
            List.of(upsert(1, 1, "x", "a")),
            List.of(new Change.Deletion(FakeChangeSource.key(9), Change.Origin.TOMBSTONE)));
    try (CityIndexes cities = open(BuildOptions.of(1))) {
      apply(cities, batch, 1);
    }
    Set<String> before = files("x");
    Files.delete(folder.resolve("x/write.lock"));
    try (CityIndexes cities = open(BuildOptions.of(1))) {
      CityOutcome outcome = apply(cities, batch, 2);

      assertThat(outcome).isInstanceOf(CityOutcome.Unchanged.class);
      assertThat(outcome.countsOrNone().equal().cursor()).isEqualTo(1);
      assertThat(outcome.countsOrNone().absent()).isEqualTo(1);
      assertThat(Files.exists(folder.resolve("x/write.lock"))).isFalse();
    }
    before.remove("write.lock");
    assertThat(files("x")).isEqualTo(before);
    check("x");
  }

  @Test
  void anOlderVersionThanTheStoredOneWins() throws Exception {
    try (CityIndexes cities = open(BuildOptions.of(1))) {
      apply(cities, new CityBatch(X, List.of(upsert(1, 2037, "x", "future")), List.of()), 1);
      CityOutcome outcome =
          apply(cities, new CityBatch(X, List.of(upsert(1, 5, "x", "today")), List.of()), 2);

      assertThat(outcome.countsOrNone().replaced()).isEqualTo(1);
      CityCommit commit = ((CityOutcome.Committed) outcome).commit();
      assertThat(titles(commit)).containsExactly("today");
    }
    check("x");
  }

  @Test
  void aWriteThatFailsAnywhereLeavesTheBatchOutOrWhole() throws Exception {
    int n = 0;
    boolean isDone = false;
    try (CityIndexes cities = open(BuildOptions.of(1))) {
      apply(cities, new CityBatch(X, List.of(upsert(0, 1, "x", "first")), List.of()), 1);
      while (!isDone) {
        n++;
        disk.failAt(n - 1);
        long version = n + 1;
        List<Change.Upsert> upserts =
            List.of(upsert(0, version, "x", "t" + n), upsert(n, version, "x", "t" + n));
        CityOutcome outcome = apply(cities, new CityBatch(X, upserts, List.of()), n);
        isDone = disk.writes() < n;
        disk.heal();
        CityOutcome again = apply(cities, new CityBatch(X, upserts, List.of()), n);

        assertThat(outcome instanceof CityOutcome.Failed).isEqualTo(!isDone);
        assertThat(again).isNotInstanceOf(CityOutcome.Failed.class);
        assertThat(cities.damaged()).isEmpty();
        CityCommit commit = cities.hold(X);
        assertThat(commit.documents()).isEqualTo(n + 1L);
        cities.release(commit);
      }
    }
    assertThat(n).isGreaterThan(8);
    check("x");
  }

  @Test
  void oneFailingCityDelaysNoOther() throws Exception {
    try (CityIndexes cities = open(BuildOptions.of(2))) {
      disk.fail("y");
      Map<City, CityBatch> batches =
          Map.of(
              X, new CityBatch(X, List.of(upsert(1, 1, "x", "a")), List.of()),
              Y, new CityBatch(Y, List.of(upsert(2, 1, "y", "a")), List.of()));

      SortedMap<City, CityOutcome> outcomes = cities.apply(batches, city -> at(1));

      assertThat(outcomes.get(X)).isInstanceOf(CityOutcome.Committed.class);
      assertThat(outcomes.get(Y))
          .isInstanceOfSatisfying(
              CityOutcome.Failed.class,
              failed -> assertThat(failed.cause()).hasMessageContaining("no space left"));
      assertThat(cities.working()).containsOnlyKeys(X);
    }
    check("x");
  }

  @Test
  void manyCitiesFitIntoAFewOpenOnes() throws Exception {
    try (CityIndexes cities = open(new BuildOptions(2, 3, 16, true, EAGER))) {
      for (int n = 1; n <= 3; n++) {
        Map<City, CityBatch> batches = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
          City city = new City("city " + i);
          batches.put(
              city, new CityBatch(city, List.of(upsert(n, n, city.name(), "a")), List.of()));
        }
        cities.apply(batches, city -> at(1));
        cities.commitMerges().forEach(cities::release);
      }
      assertThat(cities.statistics()).hasSize(20).allSatisfy(s -> hasDocuments(s, 3));
      assertThat(openFiles()).isLessThan(3 * 20);
    }
  }

  @Test
  void aHeldCommitSurvivesItsWriterAndLaterCommits() throws Exception {
    try (CityIndexes cities = open(new BuildOptions(1, 1, 16, false, EAGER))) {
      CityOutcome first =
          apply(cities, new CityBatch(X, List.of(upsert(1, 1, "x", "one")), List.of()), 1);
      CityCommit held = ((CityOutcome.Committed) first).commit();
      apply(cities, new CityBatch(Y, List.of(upsert(2, 1, "y", "closes x")), List.of()), 1);
      apply(cities, new CityBatch(X, List.of(upsert(1, 2, "x", "two")), List.of()), 2);

      assertThat(titles(held)).containsExactly("one");
      cities.release(held);
      apply(cities, new CityBatch(X, List.of(upsert(1, 3, "x", "three")), List.of()), 3);
      assertThat(Files.exists(folder.resolve("x").resolve(held.segmentsFile()))).isFalse();
    }
    check("x");
  }

  private static void hasDocuments(CityStatistics statistics, int documents) {
    assertThat(statistics.documents()).isEqualTo(documents);
  }

  private CityIndexes open(BuildOptions options) throws BuildException {
    return CityIndexes.open(
        folder, options, FakeChangeSource.SCHEMA, new Random(1), disk, new SystemTime());
  }

  private static CityOutcome apply(CityIndexes cities, CityBatch batch, long position) {
    return cities.apply(Map.of(batch.city(), batch), city -> at(position)).get(batch.city());
  }

  private static Change.Upsert upsert(long id, long version, String city, String title) {
    return new Change.Upsert(
        FakeChangeSource.document(id, version, city, title), Change.Origin.CURSOR);
  }

  private static SourcePosition at(long version) {
    Cursor cursor = new Cursor(version, FakeChangeSource.key(0));
    return new SourcePosition("", "", cursor, cursor, Map.of());
  }

  private static SourcePosition position(CityCommit commit) throws IOException {
    try (Directory directory = FSDirectory.open(commit.folder())) {
      IndexCommit at = find(directory, commit);
      return CommitData.of(at.getUserData(), "the commit").position();
    }
  }

  private static Set<String> titles(CityCommit commit) throws IOException {
    Set<String> titles = new HashSet<>();
    try (Directory directory = FSDirectory.open(commit.folder());
        DirectoryReader reader = DirectoryReader.open(find(directory, commit))) {
      Bits live = MultiBits.getLiveDocs(reader);
      for (int doc = 0; doc < reader.maxDoc(); doc++) {
        if (live == null || live.get(doc)) {
          titles.add(reader.storedFields().document(doc).get("title"));
        }
      }
    }
    return titles;
  }

  private static IndexCommit find(Directory directory, CityCommit commit) throws IOException {
    for (IndexCommit candidate : DirectoryReader.listCommits(directory)) {
      if (candidate.getGeneration() == commit.commit()) {
        return candidate;
      }
    }
    throw new AssertionError("commit " + commit.commit() + " is gone");
  }

  private Set<String> files(String city) throws IOException {
    Set<String> names = new HashSet<>();
    try (var files = Files.newDirectoryStream(folder.resolve(city))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }

  private long openFiles() throws IOException {
    long open = 0;
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        if (leadsHere(descriptor)) {
          open++;
        }
      }
    }
    return open;
  }

  private boolean leadsHere(Path descriptor) throws IOException {
    try {
      return Files.isSymbolicLink(descriptor)
          && Files.readSymbolicLink(descriptor).toString().startsWith(folder.toString());
    } catch (NoSuchFileException e) {
      // Another thread of this JVM has closed it since it was listed.
      return false;
    }
  }

  private void check(String city) throws IOException {
    try (Directory directory = FSDirectory.open(folder.resolve(city));
        CheckIndex check = new CheckIndex(directory)) {
      assertThat(check.checkIndex().clean).isTrue();
    }
  }
}
