package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Follower;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.Row;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A table that is scanned while it changes and connections fail; polls go on from there. */
@Timeout(90)
class ScanIT {
  private static final int PAGE = 50;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private final Random random = new Random(5);
  private Listings listings;
  private Connection writer;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    listings.limits = new Limits(PAGE, 50_000, 64L << 20);
    writer = database.source();
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  private SourceOptions options() {
    return listings.options(List.of(Listings.endpoint(database.pair().source())));
  }

  private SqlTableScan scan() {
    return Scans.of(listings, options(), Listings.SCHEMA);
  }

  /** Rows 1, 2, 3 ... as many as a power of two. */
  private void fill(int rows) throws SQLException {
    Listings.execute(
        writer,
        "INSERT INTO listing (id, city, title, updated_at)"
            + " VALUES (1, 'c', 't', UTC_TIMESTAMP(6) - INTERVAL 1 HOUR)");
    for (int count = 1; count < rows; count *= 2) {
      Listings.execute(
          writer,
          ("INSERT INTO listing (id, city, title, updated_at) SELECT id + %d, city, title,"
                  + " updated_at - INTERVAL id SECOND FROM listing")
              .formatted(count));
    }
    Listings.execute(writer, "ANALYZE TABLE listing");
  }

  /** By indexes; what MySQL reads to answer a SHOW is a scan of a table of its own. */
  private long rowsRead() throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Handler_read%'"
                    + " AND Variable_name <> 'Handler_read_rnd_next'")) {
      long sum = 0;
      while (row.next()) {
        sum += row.getLong(2);
      }
      return sum;
    }
  }

  /**
   * Rows of the documents' table alone. A connect makes MySQL read tables of its own, of which it
   * counts hundreds of rows; MariaDB counts none there, and has the table's counter switched off.
   */
  private long rowsOfTheTableRead() throws SQLException {
    if (!database.pair().source().flavor().equals("mysql")) {
      return rowsRead();
    }
    try (Statement statement = writer.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT SUM(COUNT_FETCH) FROM performance_schema.table_io_waits_summary_by_table"
                    + " WHERE OBJECT_SCHEMA = DATABASE() AND OBJECT_NAME = 'listing'")) {
      row.next();
      return row.getLong(1);
    }
  }

  private List<Long> idsOfTable() throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT id FROM listing ORDER BY id")) {
      while (row.next()) {
        ids.add(row.getLong(1));
      }
    }
    return ids;
  }

  private static List<Long> ids(List<Row> rows) {
    return rows.stream().map(row -> Follower.id(row.key())).toList();
  }

  @Test
  void splittingReadsFarLessThanAHundredthOfTheRows() throws Exception {
    fill(32_768);
    try (SqlTableScan scan = scan()) {
      assertThat(scan.estimatedRows()).isBetween(20_000L, 50_000L);
      long before = rowsRead();
      List<KeyRange> ranges = scan.split(8);
      long read = rowsRead() - before;

      assertThat(read).isLessThan(32_768 / 100);
      assertThat(ranges).hasSize(8);
      List<Integer> sizes = new ArrayList<>();
      for (KeyRange range : ranges) {
        Scans.Rows rows = new Scans.Rows();
        scan.read(range, rows);
        sizes.add(rows.all.size());
      }
      assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(2_000, 8_000));
      assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(32_768);
    }
  }

  /** Everything that is done to a table of 1,024 rows while a page is indexed. */
  private void change() throws SQLException {
    int id = 1 + random.nextInt(1_300);
    switch (random.nextInt(4)) {
      case 0 ->
          Listings.execute(
              writer,
              "INSERT IGNORE INTO listing (id, city, title, updated_at) VALUES (%d, 'd', 'new', UTC_TIMESTAMP(6))"
                  .formatted(id));
      case 1 ->
          Listings.execute(
              writer,
              "INSERT INTO listing_deleted VALUES (%d, UTC_TIMESTAMP(6))".formatted(id),
              "DELETE FROM listing WHERE id = " + id);
      default ->
          Listings.execute(
              writer,
              "UPDATE listing SET title = 'changed %d', updated_at = UTC_TIMESTAMP(6) WHERE id = %d"
                  .formatted(random.nextInt(), id));
    }
  }

  private void expectTable(Follower follower) throws SQLException {
    List<Object> expected = new ArrayList<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, title FROM listing ORDER BY id")) {
      while (row.next()) {
        expected.add(row.getLong(1) + " " + row.getString(2));
      }
    }
    List<Object> indexed = new ArrayList<>();
    follower.documents.forEach(
        (id, document) -> indexed.add(id + " " + document.values().getFirst()));
    assertThat(indexed).isEqualTo(expected);
  }

  @Test
  void whatChangesMeanwhileComesWithThePollsThatFollow() throws Exception {
    fill(1_024);
    try (SqlTableScan scan = scan();
        MySqlSource source = listings.source(options(), Listings.SCHEMA);
        Connection late = database.source()) {
      late.setAutoCommit(false);
      // Stamped before the scan begins, committed after it has passed there.
      Listings.execute(
          late, "UPDATE listing SET title = 'late', updated_at = UTC_TIMESTAMP(6) WHERE id = 3");
      Follower follower = new Follower(source);
      follower.position = scan.begin();
      for (KeyRange range : scan.split(4)) {
        scan.read(
            range,
            (rows, last) -> {
              for (Row row : rows) {
                follower.documents.put(Follower.id(row.key()), ((Row.Found) row).document());
              }
              try {
                for (int i = 0; i < 10; i++) {
                  Listings.execute(writer, "SET innodb_lock_wait_timeout = 1");
                  change();
                }
              } catch (SQLException e) {
                // The row of the open transaction; any other one will do.
                assertThat(e.getErrorCode()).isEqualTo(1205);
              }
            });
      }
      late.commit();
      SourcePosition begun = follower.position;
      assertThat(follower.poll().reachedEnd()).isTrue();
      expectTable(follower);
      assertThat(follower.position.server()).isEqualTo(begun.server());
      assertThat(begun.changes()).isNotEqualTo(Cursor.START);
      assertThat(begun.gtid()).isNotEmpty();
      assertThat(follower.poll().changes()).isEmpty();
    }
  }

  @Test
  void anEmptyTableIsNoRange() throws Exception {
    try (SqlTableScan scan = scan()) {
      assertThat(scan.split(4)).containsExactly(KeyRange.ALL);
      Scans.Rows rows = new Scans.Rows();
      scan.read(KeyRange.ALL, rows);
      assertThat(rows.pages).isEmpty();
      assertThat(scan.begin().changes().version()).isPositive();
    }
  }

  @Test
  void aRangeGoesOnBehindItsLastKey() throws Exception {
    fill(256);
    try (SqlTableScan scan = scan()) {
      Scans.Rows rows = new Scans.Rows();
      scan.read(KeyRange.ALL, rows);
      assertThat(rows.pages).hasSizeBetween(5, 6);
      Scans.Rows rest = new Scans.Rows();
      scan.read(KeyRange.ALL.startingAfter(rows.pages.get(1)), rest);
      assertThat(ids(rest.all)).isEqualTo(idsOfTable().subList(101, 256));
    }
  }

  @Test
  void onlyThePageThatFailedIsReadAgain() throws Exception {
    fill(1_024);
    for (Fault fault : List.of(Fault.CUT, Fault.RESET)) {
      try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port());
          SqlTableScan scan =
              Scans.of(listings, listings.options(List.of(proxy.endpoint())), Listings.SCHEMA)) {
        Scans.Rows rows = new Scans.Rows();
        long before = rowsOfTheTableRead();
        scan.read(
            KeyRange.ALL,
            (page, last) -> {
              rows.page(page, last);
              if (rows.pages.size() % 4 == 0) {
                proxy.spoilOpen(fault, Sender.SERVER);
              }
            });
        long read = rowsOfTheTableRead() - before;
        assertThat(ids(rows.all)).isEqualTo(idsOfTable());
        assertThat(proxy.accepted()).isGreaterThan(4);
        // A query ends with a read that finds the end.
        assertThat(read).isLessThan(1_024 + rows.pages.size() + proxy.accepted() * (PAGE + 10));
      }
    }
  }

  @Test
  void aPageThatIsCutInItsMiddleIsTriedAgain() throws Exception {
    fill(256);
    try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port());
        SqlTableScan scan =
            Scans.of(listings, listings.options(List.of(proxy.endpoint())), Listings.SCHEMA)) {
      proxy.spoil(Fault.CUT, Point.answerTo("ORDER BY `id` LIMIT", 700), 2);
      Scans.Rows rows = new Scans.Rows();
      scan.read(KeyRange.ALL, rows);
      assertThat(ids(rows.all)).isEqualTo(idsOfTable());
    }
  }

  @Test
  void aServerThatIsGoneForAWhileIsWaitedFor() throws Exception {
    fill(256);
    try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port());
        SqlTableScan scan =
            Scans.of(listings, listings.options(List.of(proxy.endpoint())), Listings.SCHEMA);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Scans.Rows rows = new Scans.Rows();
      proxy.spoil(Fault.CUT, 0, Integer.MAX_VALUE);
      Future<?> reading =
          threads.submit(
              () -> {
                scan.read(KeyRange.ALL, rows);
                return null;
              });
      Scans.awaitReason(scan, "can't connect to");
      proxy.heal();
      reading.get();
      assertThat(ids(rows.all)).isEqualTo(idsOfTable());
      assertThat(scan.waitsFor()).isEmpty();
    }
  }

  @Test
  void aStopEndsAtTheNextPage() throws Exception {
    fill(1_024);
    try (SqlTableScan scan = scan()) {
      Scans.Rows rows = new Scans.Rows();
      assertThatThrownBy(
              () ->
                  scan.read(
                      KeyRange.ALL,
                      (page, last) -> {
                        rows.page(page, last);
                        if (rows.pages.size() == 3) {
                          listings.stop.request();
                        }
                      }))
          .isInstanceOf(SourceException.Stopped.class);
      assertThat(rows.pages).hasSize(3);
    }
  }

  @Test
  void rangesAreReadAtOnce() throws Exception {
    fill(4_096);
    try (SqlTableScan scan = scan();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Long>>> reading = new ArrayList<>();
      for (KeyRange range : scan.split(6)) {
        reading.add(
            threads.submit(
                () -> {
                  Scans.Rows rows = new Scans.Rows();
                  scan.read(range, rows);
                  return ids(rows.all);
                }));
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> one : reading) {
        all.addAll(one.get());
      }
      assertThat(all).isEqualTo(idsOfTable());
    }
  }

  @Test
  void rowsThatCantBecomeDocumentsAreSetAside() throws Exception {
    fill(128);
    Listings.execute(
        writer,
        "UPDATE listing SET updated_at = NULL WHERE id = 5",
        "UPDATE listing SET city = NULL WHERE id = 70",
        "UPDATE listing SET rooms = 0 WHERE id = 90");
    listings.searchableIf = "rooms IS NULL";
    try (SqlTableScan scan = scan()) {
      Scans.Rows rows = new Scans.Rows();
      scan.read(KeyRange.ALL, rows);
      assertThat(ids(rows.all)).isEqualTo(idsOfTable());
      assertThat(rows.all.get(4)).isInstanceOf(Row.Unfit.class);
      assertThat(rows.all.get(69)).isInstanceOf(Row.Unfit.class);
      assertThat(rows.all.get(89)).isInstanceOf(Row.NotSearchable.class);
      assertThat(rows.titles()).hasSize(125);
    }
    assertThat(listings.setAside.reasons())
        .containsExactly("5: its version is NULL or no date", "70: its city (city) is NULL");
  }
}
