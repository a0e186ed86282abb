package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One UPDATE renames a city: its documents move, a batch at a time, and none is ever lost. */
@Timeout(300)
class RenamedCityIT {
  private static final int ROWS = 100_000;
  private static final int OTHERS = 10;
  private static final String DIGITS =
      "(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
          + " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL"
          + " SELECT 9)";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path root;

  @Test
  void everyGenerationShowsEachDocumentOnce() throws Exception {
    Listings listings = Listings.create(database, 6);
    listings.limits = new Limits(2_000, 30_000, 64L << 20);
    try (Connection writer = database.source();
        MySqlSource source = listings.source(database.pair().source());
        Master master =
            Master.start(
                root,
                source,
                IndexDirectories.FILES,
                new SystemTime(),
                Listings.SCHEMA,
                new BuildOptions(2, 8, 64, false, MergeOptions.DEFAULT))) {
      Listings.execute(
          writer,
          "INSERT INTO listing (id, city, title, updated_at)"
              + " SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n, 'old', 't',"
              + " UTC_TIMESTAMP(6) FROM "
              + "%1$s a, %1$s b, %1$s c, %1$s d, %1$s e".formatted(DIGITS),
          "INSERT INTO listing (id, city, title, updated_at)"
              + " SELECT a.n + 100000, 'other', 't', UTC_TIMESTAMP(6) FROM "
              + DIGITS
              + " a");
      master.settle();
      assertThat(documents(master, "old")).isEqualTo(ROWS);

      Listings.execute(
          writer,
          "UPDATE listing SET city = 'new', updated_at = UTC_TIMESTAMP(6) WHERE city = 'old'");
      Set<Generation> halfWay = new HashSet<>();
      CycleReport report;
      do {
        report = master.cycle.run();
        assertThat(report.isClean()).as("%s", report).isTrue();
        expectEachOnce(master.published());
        if (documents(master, "old") > 0 && documents(master, "new") > 0) {
          halfWay.add(master.snapshot().generation());
        }
      } while (report.moreToRead() || report.outcome() instanceof CycleOutcome.Published);
      assertThat(halfWay).as("generations in which it was half done").hasSizeGreaterThan(1);
      assertThat(documents(master, "old")).isZero();
      assertThat(documents(master, "new")).isEqualTo(ROWS);
      master.checkIndexes();

      assertThat(master.cycle.retire(new City("old"), false)).isEqualTo(new Retirement.Done());
      assertThat(master.snapshot().cities().keySet())
          .containsExactly(new City("new"), new City("other"));
      master.settle();
      expectEachOnce(master.published());
    }
  }

  private static long documents(Master master, String city) {
    return master.snapshot().city(new City(city)).map(entry -> entry.documents()).orElse(0L);
  }

  private static void expectEachOnce(SortedMap<Long, List<Row>> published) {
    assertThat(published).hasSize(ROWS + OTHERS);
    assertThat(published.values()).allMatch(rows -> rows.size() == 1);
  }
}
