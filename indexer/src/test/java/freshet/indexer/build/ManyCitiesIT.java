package freshet.indexer.build;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.merge.MergeOptions;
import freshet.indexer.route.CityBatch;
import freshet.indexer.source.Change;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What 700 cities cost, by what is opened and written of them. */
@Timeout(300)
class ManyCitiesIT {
  private static final int CITIES = 700;
  private static final int MOST_OPEN = 16;
  private static final int THREADS = 2;
  private static final int MOST_SEGMENTS = 20;

  private final Counted directories = new Counted();

  @TempDir Path folder;

  @Test
  void onlyChangedCitiesAreOpenedAndWritten() throws Exception {
    try (CityIndexes cities = open(MergeOptions.DEFAULT)) {
      apply(cities, 1, CITIES);
    }
    Map<String, Long> before = files();
    directories.written.clear();
    int changed = 5;
    try (CityIndexes cities = open(MergeOptions.DEFAULT)) {
      directories.mostOpen.set(0);
      apply(cities, 2, changed);

      assertThat(directories.written).hasSize(changed);
      assertThat(directories.mostOpen.get()).isEqualTo(changed);
    }
    Map<String, Long> after = files();
    Set<String> touched = new TreeSet<>();
    after.forEach(
        (file, modified) -> {
          if (!modified.equals(before.get(file))) {
            touched.add(file.substring(0, file.indexOf('/')));
          }
        });
    assertThat(touched).hasSize(changed);
  }

  @Test
  void openCitiesAreBoundedHoweverManyChange() throws Exception {
    try (CityIndexes cities = open(MergeOptions.DEFAULT)) {
      for (int batch = 1; batch <= 3; batch++) {
        apply(cities, batch, CITIES);
      }
      assertThat(cities.statistics()).hasSize(CITIES);
    }
    assertThat(directories.mostOpen.get()).isLessThanOrEqualTo(MOST_OPEN + THREADS);
    assertThat(directories.open.get()).isZero();
  }

  @Test
  void segmentsOfACityAreBoundedHoweverManyCommitsItHas() throws Exception {
    try (CityIndexes cities = open(MergeOptions.DEFAULT)) {
      int most = 0;
      for (int batch = 1; batch <= 100; batch++) {
        apply(cities, batch, 3);
        cities.startMerges();
        assertThat(cities.awaitMerges(Deadline.after(new SystemTime(), Duration.ofMinutes(1))))
            .isTrue();
        cities.commitMerges().forEach(cities::release);
        most =
            Math.max(
                most,
                cities.statistics().stream().mapToInt(CityStatistics::segments).max().orElse(0));
      }
      assertThat(most).isLessThanOrEqualTo(MOST_SEGMENTS);
    }
  }

  private void apply(CityIndexes cities, long version, int changed) {
    Map<City, CityBatch> batches = new TreeMap<>();
    for (long id = 0; id < changed; id++) {
      City city = new City("c" + id);
      Change.Upsert upsert =
          new Change.Upsert(
              FakeChangeSource.document(id * 1_000 + version, version, city.name(), "t" + version),
              Change.Origin.CURSOR);
      batches.put(city, new CityBatch(city, List.of(upsert), List.of()));
    }
    Cursor cursor = new Cursor(version, FakeChangeSource.key(0));
    SourcePosition at = new SourcePosition("", "", cursor, cursor, Map.of());
    cities
        .apply(batches, city -> at)
        .forEach(
            (city, outcome) ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        CityOutcome.Committed.class, done -> cities.release(done.commit())));
  }

  private CityIndexes open(MergeOptions merges) throws BuildException {
    return CityIndexes.open(
        folder,
        new BuildOptions(THREADS, MOST_OPEN, 16, false, merges),
        FakeChangeSource.SCHEMA,
        new Random(1),
        directories,
        new SystemTime());
  }

  /** All files below the folder, by relative name, with when they were written. */
  private Map<String, Long> files() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return files;
  }

  /** Counts what is open at one time, and where files are made. */
  private static final class Counted implements IndexDirectories {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    @Override
    public Directory open(Path path) throws IOException {
      mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
      return new FilterDirectory(FSDirectory.open(path)) {
        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
          written.add(String.valueOf(path.getFileName()));
          return super.createOutput(name, context);
        }

        @Override
        public void close() throws IOException {
          super.close();
          open.decrementAndGet();
        }
      };
    }
  }
}
