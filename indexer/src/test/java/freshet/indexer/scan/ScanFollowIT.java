package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.session.LagSource;
import freshet.indexer.source.Follower;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.KeysSql;
import freshet.indexer.table.Row;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scan and the polls from its start end equal to the table, whatever happened meanwhile. */
@Timeout(90)
class ScanFollowIT {
  private static final int ROWS = 600;

  private static final IndexSchema JOINED =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("seller", FieldType.KEYWORD, null, false, true, false)),
          List.of("title"));

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;

  @BeforeEach
  void start() throws SQLException {
    writer = database.source();
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  private void create(int digits) throws Exception {
    listings = Listings.create(database, digits);
    listings.limits = new Limits(40, 50_000, 64L << 20);
    execute(
        "ALTER TABLE listing ADD COLUMN seller_id INT, ADD KEY by_seller (seller_id)",
        "CREATE TABLE seller (id INT NOT NULL PRIMARY KEY, name VARCHAR(99), changed DATETIME(6)"
            + " NOT NULL, KEY by_version (changed, id)) DEFAULT CHARSET utf8mb4",
        "GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
    for (int id = 1; id <= 9; id++) {
      execute(
          "INSERT INTO seller VALUES (%d, 'seller %d', UTC_TIMESTAMP(6) - INTERVAL 3 HOUR)"
              .formatted(id, id));
    }
    StringBuilder rows = new StringBuilder();
    for (int id = 1; id <= ROWS; id++) {
      rows.append(id == 1 ? "" : ",")
          .append(
              "(%d, 'c', 't%d', %d, UTC_TIMESTAMP(6) - INTERVAL 2 HOUR)"
                  .formatted(id, id, id % 9 + 1));
    }
    execute("INSERT INTO listing (id, city, title, seller_id, updated_at) VALUES " + rows);
  }

  private void execute(String... statements) throws SQLException {
    Listings.execute(writer, statements);
  }

  private SourceOptions joined(int digits) {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    SideTable seller =
        new SideTable(
            "seller",
            "seller",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("changed", new DateTime(6)),
            KeysSql.parse("SELECT id FROM listing WHERE seller_id IN (:keys)"));
    TableSpec table =
        new TableSpec(
            "listing",
            base.table().key(),
            new VersionColumn("updated_at", new DateTime(digits)),
            "city",
            List.of(FieldColumns.of("title", "title"), FieldColumns.of("seller", "seller")),
            null,
            KeysSql.parse(
                """
                SELECT l.id, l.updated_at, l.city, l.title, s.name AS seller
                FROM listing l JOIN seller s ON s.id = l.seller_id WHERE l.id IN (:keys)"""),
            List.of(seller));
    return new SourceOptions(
        base.session(), base.limits(), base.overlap(), base.checks(), table, base.tombstones());
  }

  /** Whatever may happen to a row. */
  private static void change(Connection by, Random random) throws SQLException {
    int id = 1 + random.nextInt(ROWS + 50);
    switch (random.nextInt(5)) {
      case 0 ->
          Listings.execute(
              by,
              "INSERT IGNORE INTO listing (id, city, title, seller_id, updated_at) VALUES (%d, 'd', 'new', 1, UTC_TIMESTAMP(6))"
                  .formatted(id));
      case 1 ->
          Listings.execute(
              by,
              "INSERT IGNORE INTO listing_deleted VALUES (%d, UTC_TIMESTAMP(6))".formatted(id),
              "DELETE FROM listing WHERE id = " + id);
      case 2 ->
          Listings.execute(
              by,
              "UPDATE seller SET name = 'n%d', changed = UTC_TIMESTAMP(6) WHERE id = %d"
                  .formatted(random.nextInt(), 1 + random.nextInt(9)));
      default ->
          Listings.execute(
              by,
              "UPDATE listing SET title = 'changed %d', updated_at = UTC_TIMESTAMP(6) WHERE id = %d"
                  .formatted(random.nextInt(), id));
    }
  }

  private static void put(Follower follower, List<Row> rows) {
    for (Row row : rows) {
      follower.documents.put(Follower.id(row.key()), ((Row.Found) row).document());
    }
  }

  private void expectTable(Follower follower, String sql) throws SQLException {
    List<String> expected = new ArrayList<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        expected.add(row.getLong(1) + " " + row.getString(2));
      }
    }
    List<String> indexed = new ArrayList<>();
    follower.documents.forEach(
        (id, document) -> indexed.add(id + " " + document.values().getLast()));
    assertThat(indexed).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6})
  void rowsOfAQueryComeByKeyAndWhatChangesMeanwhileIsCaughtUp(int digits) throws Exception {
    create(digits);
    SourceOptions options = joined(digits);
    AtomicBoolean isScanned = new AtomicBoolean();
    try (SqlTableScan scan = Scans.of(listings, options, JOINED);
        MySqlSource source = listings.source(options, JOINED);
        Connection other = database.source();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Follower follower = new Follower(source);
      follower.position = scan.begin();
      assertThat(follower.position.sides()).containsOnlyKeys("seller");
      Future<?> changing =
          threads.submit(
              () -> {
                Random random = new Random(3);
                while (!isScanned.get()) {
                  change(other, random);
                }
                return null;
              });
      for (KeyRange range : scan.split(3)) {
        scan.read(range, (rows, last) -> put(follower, rows));
      }
      isScanned.set(true);
      changing.get();
      assertThat(follower.documents).hasSizeGreaterThan(ROWS / 2);
      while (!follower.poll().reachedEnd()) {
        assertThat(follower.position).isNotNull();
      }
      expectTable(
          follower,
          "SELECT l.id, s.name FROM listing l JOIN seller s ON s.id = l.seller_id ORDER BY l.id");
    }
  }

  @Test
  void whatAReplicaStillLacksWhenItsLagIsUnknownIsCaughtUp() throws Exception {
    create(6);
    listings.lag = new LagSource.ReplicaStatus();
    listings.overlap = Duration.ofSeconds(1);
    database.awaitReplica();
    DatabaseServer replica = database.pair().replica();
    SourceOptions options = listings.options(List.of(Listings.endpoint(replica)));
    try (SqlTableScan scan = Scans.of(listings, options, Listings.SCHEMA);
        MySqlSource source = listings.source(options, Listings.SCHEMA)) {
      Follower follower = new Follower(source);
      database.pair().stopSqlThread();
      try {
        execute(
            "UPDATE listing SET title = 'late', updated_at = UTC_TIMESTAMP(6) - INTERVAL 1 HOUR"
                + " WHERE id = 7");
        follower.position = scan.begin();
        assertThat(follower.position.deletions()).isEqualTo(Cursor.START);
        scan.read(KeyRange.ALL, (rows, last) -> put(follower, rows));
      } finally {
        database.pair().startSqlThread();
      }
      database.awaitReplica();
      follower.poll();
      assertThat(follower.documents.get(7L).values().getFirst()).isEqualTo("late");
      assertThat(follower.documents).hasSize(ROWS);
    }
  }

  @Test
  void aRangeGoesOnAtAnotherServerThatHasWhatTheStartHad() throws Exception {
    create(6);
    database.awaitReplica();
    try (FaultyProxy replica = new FaultyProxy(database.pair().replica().port())) {
      SourceOptions options =
          listings.options(
              List.of(replica.endpoint(), Listings.endpoint(database.pair().source())));
      try (SqlTableScan scan = Scans.of(listings, options, Listings.SCHEMA)) {
        assertThat(scan.begin().gtid()).isNotEmpty();
        Scans.Rows rows = new Scans.Rows();
        scan.read(
            KeyRange.ALL,
            (page, last) -> {
              rows.page(page, last);
              if (rows.pages.size() == 3) {
                replica.spoilOpen(Fault.CUT, Sender.SERVER);
                replica.spoil(Fault.CUT, 0, Integer.MAX_VALUE);
              }
            });
        assertThat(rows.all.stream().map(row -> Follower.id(row.key())).toList())
            .hasSize(ROWS)
            .isSorted()
            .doesNotHaveDuplicates();
      }
    }
  }
}
