package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.indexer.source.VolatileMemory;
import freshet.replicator.runtime.SystemTime;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server's connection ends after each page of many, and the master is killed then. */
@Timeout(180)
class CutPagesIT {
  private static final int PAGE = 3;
  private static final int PAGES = 10;
  private static final int BATCH = 4 * PAGE;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private Listings listings;
  private Connection writer;
  private Endpoint server;
  private int images;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    listings.limits = new Limits(PAGE, BATCH, 1 << 20);
    writer = database.source();
    server = Listings.endpoint(database.pair().source());
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  /**
   * With one attempt the poll fails and is lost as a whole; with three it ends early, and what it
   * has read is kept.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void history18aKillAfterAnyPageEndsEqualToTheTable(int attempts) throws Exception {
    Duration soon = Duration.ofMillis(1);
    listings.retry = new RetryOptions(attempts, soon, soon, Duration.ofSeconds(2));
    for (int page = 1; page < PAGES; page++) {
      Listings.execute(writer, "DELETE FROM listing", "DELETE FROM listing_deleted");
      for (int id = 1; id <= PAGE * PAGES; id++) {
        Listings.execute(
            writer,
            "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, 'c%d', 'first', '2026-01-01 00:00:%02d')"
                .formatted(id, id % 2, id));
      }
      Path loading = folder.resolve("image" + images++);
      Path loaded = restarted(killedAfterPage(loading, "2026-01-01", page));

      Listings.execute(
          writer,
          "UPDATE listing SET title = CONCAT('second ', id), updated_at = updated_at + INTERVAL 1 MONTH");
      restarted(killedAfterPage(loaded, "2026-02-01", page));
    }
  }

  /** Cycles until the connection is cut at the request after a page; what is on disk then. */
  private Path killedAfterPage(Path root, String day, int page) throws Exception {
    Path image = folder.resolve("image" + images++);
    try (FaultyProxy proxy = new FaultyProxy(server.port())) {
      String after = "%s 00:00:%02d.000000".formatted(day, page * PAGE);
      proxy.spoil(Fault.CUT, Point.answerTo(after, 0), 1);
      try (MySqlSource source = listings.source(proxy.endpoint());
          Master master = start(root, source)) {
        int cycles = 0;
        while (!wasCut(master.cycle.run())) {
          assertThat(++cycles).as("cycles until page %d of %s", page, day).isLessThan(2 * PAGES);
        }
        Master.copy(root, image);
      }
    }
    return image;
  }

  private static boolean wasCut(CycleReport report) {
    String whyNot = report.whyNot();
    return report.outcome() instanceof CycleOutcome.Failed
        || (whyNot != null && whyNot.contains("connection was lost"));
  }

  /** Goes on with it in a new process, until there is nothing more to do. */
  private Path restarted(Path root) throws Exception {
    listings.memory = new VolatileMemory();
    try (MySqlSource source = listings.source(server);
        Master master = start(root, source)) {
      master.settle();
      master.cycle.finishMerges(Duration.ofSeconds(30));
      assertThat(published(master)).isEqualTo(table());
      master.checkIndexes();

      SortedSet<String> files = master.files();
      CyclePlan plan = master.cycle.plan();
      assertThat(plan.to()).isEqualTo(plan.from());
      assertThat(plan.cities()).isEmpty();
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
      assertThat(master.files()).isEqualTo(files);
    }
    return root;
  }

  private static Master start(Path root, MySqlSource source) throws Exception {
    return Master.start(
        root,
        source,
        IndexDirectories.FILES,
        new SystemTime(),
        Listings.SCHEMA,
        new BuildOptions(1, 2, 16, false, MergeOptions.DEFAULT));
  }

  private static Map<Long, String> published(Master master) throws Exception {
    Map<Long, String> titles = new TreeMap<>();
    master
        .published()
        .forEach(
            (id, rows) -> {
              assertThat(rows).as("%d", id).hasSize(1);
              titles.put(id, rows.getFirst().title());
            });
    return titles;
  }

  private Map<Long, String> table() throws SQLException {
    Map<Long, String> titles = new TreeMap<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, title FROM listing")) {
      while (row.next()) {
        titles.put(row.getLong(1), row.getString(2));
      }
    }
    return titles;
  }
}
