package freshet.indexer.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.build.CityStatistics;
import freshet.indexer.build.WorkingCity;
import freshet.indexer.route.CityBatch;
import freshet.indexer.source.Change;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkLoadIT {
  private static final BulkOptions OPTIONS = new BulkOptions(BuildOptions.of(2), 16, 100, 64);

  @TempDir Path folder;

  @Test
  void whatWasLoadedIsAWorkingIndexForEachCity() throws Exception {
    try (BulkLoad load = Loads.open(folder, OPTIONS)) {
      for (int page = 0; page < 6; page++) {
        List<SourceDocument> documents = Loads.documents(page * 50, 50, 7);
        load.add(page % 2, documents, documents.getLast().key());
      }
      assertThat(load.documents()).isEqualTo(300);
      assertThat(load.reached()).isEqualTo(Map.of(0, Loads.key(249), 1, Loads.key(299)));
      load.finish(Loads.at(5));
    }

    try (CityIndexes cities = Loads.working(folder)) {
      assertThat(cities.damaged()).isEmpty();
      assertThat(cities.working()).hasSize(7);
      Set<String> histories = new HashSet<>();
      for (WorkingCity city : cities.working().values()) {
        histories.add(city.incarnation().value());
        assertThat(city.batches()).isEqualTo(1);
        assertThat(city.data().position()).isEqualTo(Loads.at(5));
        assertThat(city.data().schema()).isEqualTo(cities.schemaDigest());
      }
      assertThat(histories).hasSize(7);
      assertThat(cities.statistics())
          .allSatisfy(one -> assertThat(one.segments()).as(one.toString()).isEqualTo(1));
      assertThat(Loads.contents(folder)).isEqualTo(Loads.expected(300, 7));

      City city = new City("city 3");
      CityBatch batch =
          new CityBatch(
              city,
              List.of(
                  new Change.Upsert(Loads.document(3, 7), Change.Origin.CURSOR),
                  new Change.Upsert(
                      SourceDocument.of(Loads.key(10), 2, city, Loads.document(10, 7).values()),
                      Change.Origin.CURSOR)),
              List.of());
      CityOutcome outcome = cities.apply(Map.of(city, batch), at -> Loads.at(6)).get(city);
      assertThat(outcome.countsOrNone().equal().cursor()).isEqualTo(1);
      assertThat(outcome.countsOrNone().replaced()).isEqualTo(1);
    }
    Loads.check(folder);
  }

  @Test
  void severalThreadsLoadWithinABufferThatIsFullAllTheTime() throws Exception {
    int threads = 4;
    int pages = 5;
    BulkOptions small = new BulkOptions(BuildOptions.of(2), 1, 100, 64);
    try (BulkLoad load = Loads.open(folder, small);
        ExecutorService readers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int range = 0; range < threads; range++) {
        int own = range;
        running.add(
            readers.submit(
                () -> {
                  for (int page = 0; page < pages; page++) {
                    int from = (own * pages + page) * 100;
                    load.add(own, Loads.documents(from, 100, 20), Loads.key(from + 99));
                  }
                  return own;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      load.finish(Loads.at(1));
    }

    assertThat(Loads.contents(folder)).isEqualTo(Loads.expected(threads * pages * 100, 20));
    try (CityIndexes cities = Loads.working(folder)) {
      assertThat(cities.statistics())
          .anySatisfy(one -> assertThat(one.segments()).isGreaterThan(1));
    }
    Loads.check(folder);
  }

  @Test
  void whatLuceneRefusesIsReportedAndStopsNothing() throws Exception {
    List<DocumentKey> refused = new ArrayList<>();
    SourceDocument bad = Loads.refused(1, 2);
    try (BulkLoad load = Loads.open(folder, OPTIONS, one -> refused.add(one.key()))) {
      load.add(
          0,
          List.of(bad, Loads.document(3, 2), Loads.document(5, 2), Loads.refused(4, 2)),
          Loads.key(4));
      load.finish(Loads.at(1));
    }

    assertThat(refused).containsExactlyInAnyOrder(bad.key(), Loads.key(4));
    try (CityIndexes cities = Loads.working(folder)) {
      assertThat(cities.statistics())
          .extracting(CityStatistics::city)
          .containsExactly(new City("city 1"));
      assertThat(cities.statistics().getFirst().documents()).isEqualTo(2);
    }
    Loads.check(folder);
  }
}
