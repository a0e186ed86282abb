package freshet.indexer.check;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.LagSource;
import freshet.indexer.source.Finding;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.KeysSql;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.runtime.SystemTime;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the check finds, and that its statements put it right. */
@Timeout(60)
class ConfigCheckIT {
  private static final String FILL =
      "INSERT INTO listing (id, city, title, updated_at)"
          + " SELECT a.n * 100 + b.n * 10 + c.n, 'x', 'a title', '2024-01-01' + INTERVAL a.n DAY"
          + " FROM (%1$s) a, (%1$s) b, (%1$s) c"
              .formatted(
                  "SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION"
                      + " SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9");

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection root;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    root = database.source();
    // Else every test would have this finding.
    Listings.execute(root, "ALTER TABLE listing MODIFY updated_at DATETIME(6) NOT NULL");
  }

  @AfterEach
  void end() throws SQLException {
    root.close();
  }

  private List<Finding> check() {
    return check(listings.options(List.of(source())), Listings.SCHEMA);
  }

  private static List<Finding> check(SourceOptions options, IndexSchema schema) {
    return new ConfigCheck(options, schema, new SystemTime()).check().findings();
  }

  private Endpoint source() {
    return Listings.endpoint(database.pair().source());
  }

  /** Executes what findings print, round by round, since one may have hidden another. */
  private void putRight(Connection where, String what) throws SQLException {
    List<Finding> found = check();
    assertThat(found).extracting(Finding::what).anyMatch(text -> text.contains(what));
    for (int round = 0; round < 3 && !found.isEmpty(); round++) {
      for (Finding finding : found) {
        Listings.execute(where, finding.fix().split("; ", -1));
      }
      List<String> before = found.stream().map(Finding::what).toList();
      found = check();
      assertThat(found).extracting(Finding::what).doesNotContainAnyElementsOf(before);
    }
    assertThat(found).isEmpty();
  }

  private static boolean isMySql() {
    return TestFlavor.chosen() == TestFlavor.MYSQL;
  }

  static Stream<Arguments> spoilt() {
    return Stream.of(
        Arguments.of(
            "version column updated_at of table listing may be NULL",
            List.of("ALTER TABLE listing MODIFY updated_at DATETIME(6) NULL")),
        Arguments.of(
            "have no version and are never read",
            List.of(
                "ALTER TABLE listing MODIFY updated_at DATETIME(6) NULL",
                "INSERT INTO listing (id, city) VALUES (1, 'x'), (2, 'x')")),
        Arguments.of(
            "key column id of table listing_deleted may be NULL",
            List.of(
                "ALTER TABLE listing_deleted DROP PRIMARY KEY, MODIFY id BIGINT NULL,"
                    + " ADD KEY (deleted_at, id)")),
        Arguments.of(
            "table listing has no index on [updated_at, id]",
            List.of("DROP INDEX by_version ON listing")),
        Arguments.of(
            "table listing has no index on [updated_at, id]",
            List.of(
                "DROP INDEX by_version ON listing",
                "CREATE INDEX freshet_updated_at ON listing (id, updated_at)")),
        Arguments.of(
            "table listing has no index on [updated_at, id]",
            List.of(
                "ALTER TABLE listing DROP INDEX by_version, DROP PRIMARY KEY, ADD UNIQUE (id),"
                    + " ADD KEY (updated_at)")),
        Arguments.of(
            "table listing_deleted has no index on [deleted_at, id]",
            List.of(
                "ALTER TABLE listing_deleted DROP PRIMARY KEY, ADD PRIMARY KEY (id, deleted_at)")),
        Arguments.of(
            "index by_version of table listing is hidden",
            List.of(
                "ALTER TABLE listing ALTER INDEX by_version "
                    + (isMySql() ? "INVISIBLE" : "IGNORED"))),
        Arguments.of(
            "the key of table listing is not unique",
            List.of("ALTER TABLE listing DROP PRIMARY KEY, ADD KEY (id)")),
        Arguments.of(
            "is a view, and nobody can say whether it hides rows",
            List.of(
                "RENAME TABLE listing TO base",
                "CREATE VIEW listing AS SELECT * FROM base WHERE title <> ' where ' AND rooms > 0")),
        Arguments.of(
            "view listing hides rows",
            List.of(
                "RENAME TABLE listing TO base",
                "CREATE VIEW listing AS SELECT * FROM base WHERE rooms > 0",
                "GRANT SHOW VIEW ON listing TO 'freshet'@'127.0.0.1'")),
        Arguments.of(
            "the account may not read all of table listing,",
            List.of("REVOKE SELECT ON listing FROM 'freshet'@'127.0.0.1'")),
        Arguments.of(
            "the account may not read all of table listing,",
            List.of(
                "REVOKE SELECT ON listing FROM 'freshet'@'127.0.0.1'",
                "GRANT SELECT (id, city, price, rooms, pets, posted, lat, lon, tags, updated_at)"
                    + " ON listing TO 'freshet'@'127.0.0.1'")),
        Arguments.of(
            "the account may not read all of table listing_deleted",
            List.of("REVOKE SELECT ON listing_deleted FROM 'freshet'@'127.0.0.1'")),
        Arguments.of("table listing_deleted is not there", List.of("DROP TABLE listing_deleted")),
        Arguments.of(
            "acts without triggers",
            List.of(
                "CREATE TABLE owner (id BIGINT NOT NULL PRIMARY KEY)",
                "ALTER TABLE listing ADD owner BIGINT, ADD CONSTRAINT of_owner FOREIGN KEY (owner)"
                    + " REFERENCES owner (id) ON DELETE CASCADE")),
        Arguments.of(
            "the account's limits are so low",
            List.of("ALTER USER 'freshet'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 2")),
        Arguments.of(
            "replicas run statements anew", List.of("SET GLOBAL binlog_format = 'STATEMENT'")));
  }

  @ParameterizedTest
  @MethodSource("spoilt")
  void everyStatementThatIsPrintedPutsItsFindingRight(String what, List<String> statements)
      throws SQLException {
    Listings.execute(root, statements.toArray(String[]::new));
    putRight(root, what);
  }

  @Test
  void soundConfigurationHasNoFinding() throws SQLException {
    assertThat(check()).isEmpty();
    Listings.execute(root, FILL, "INSERT INTO listing_deleted VALUES (-1, '2024-01-01')");
    assertThat(check()).isEmpty();
  }

  @Test
  void anIndexThatIsMissingIsProvedByTheServersPlan() throws SQLException {
    Listings.execute(root, "DROP INDEX by_version ON listing", FILL, "ANALYZE TABLE listing");
    assertThat(check())
        .filteredOn(finding -> finding.what().contains("has no index"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.evidence())
                    .contains("EXPLAIN of the page of versions: table listing, type ALL")
                    .contains("Using filesort"));
  }

  @Test
  void columnKeepsWhatItDoesByItself() throws SQLException {
    Listings.execute(
        root,
        "ALTER TABLE listing MODIFY updated_at DATETIME(6) NULL DEFAULT CURRENT_TIMESTAMP(6)"
            + " ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'NULL or not'");
    assertThat(check().getFirst().fix())
        .containsIgnoringCase("ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'NULL or not'");
    putRight(root, "may be NULL");
  }

  @Test
  void deletionsThatNobodyNotes() throws SQLException {
    Listings.execute(root, FILL);
    Finding finding = check().getFirst();
    assertThat(finding.what()).contains("nothing shows that deletions are noted");
    Listings.execute(root, "ALTER TABLE listing_deleted COMMENT 'deletions, noted by a trigger'");
    assertThat(check())
        .singleElement()
        .satisfies(
            advice -> {
              assertThat(advice.isAdvice()).isTrue();
              assertThat(advice.fix()).endsWith(finding.fix());
            });
    Listings.execute(root, finding.fix(), "DELETE FROM listing WHERE id = 7");
    assertThat(check()).isEmpty();
  }

  @Test
  void coarseTombstones() throws SQLException {
    Listings.execute(
        root,
        "ALTER TABLE listing_deleted MODIFY deleted_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP");
    SourceOptions fine = listings.options(List.of(source()));
    List<Finding> found =
        check(
            new SourceOptions(
                fine.session(),
                fine.limits(),
                fine.overlap(),
                fine.checks(),
                fine.table(),
                new Tombstones(
                    "listing_deleted",
                    List.of("id"),
                    new VersionColumn("deleted_at", new VersionColumn.DateTime(0)),
                    Duration.ofDays(30))),
            Listings.SCHEMA);
    assertThat(found).extracting(Finding::what).anyMatch(text -> text.contains("more coarsely"));
    Listings.execute(root, found.getFirst().fix());
    assertThat(check()).isEmpty();
  }

  @Test
  void keysThatAreNotComparedByteByByte() throws SQLException {
    Listings.execute(
        root,
        "CREATE TABLE word (id VARCHAR(40) NOT NULL DEFAULT 'x' PRIMARY KEY, city VARCHAR(20),"
            + " updated_at DATETIME(6) NOT NULL, KEY (updated_at, id)) DEFAULT CHARSET utf8mb4",
        "GRANT SELECT ON word TO 'freshet'@'127.0.0.1'");
    SourceOptions of = listings.options(List.of(source()));
    SourceOptions words =
        new SourceOptions(
            of.session(),
            of.limits(),
            of.overlap(),
            of.checks(),
            new TableSpec(
                "word",
                List.of(new KeyColumn("id", KeyType.STRING)),
                of.table().version(),
                "city",
                List.of(FieldColumns.of("city", "city")),
                null),
            null);
    IndexSchema schema =
        new IndexSchema(
            1,
            List.of(KeyType.STRING),
            List.of(new FieldSpec("city", FieldType.TEXT, "english", false, true, false)),
            List.of("city"));
    List<Finding> found = check(words, schema);
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().what()).contains("not compared byte by byte");
    Listings.execute(root, found.getFirst().fix());
    assertThat(check(words, schema)).isEmpty();
  }

  private static SourceOptions joined(SourceOptions of, String query) {
    SideTable sellers =
        new SideTable(
            "sellers",
            "seller",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("changed", new VersionColumn.DateTime(6)),
            KeysSql.parse("SELECT id FROM listing WHERE seller_id IN (:keys)"));
    return new SourceOptions(
        of.session(),
        of.limits(),
        of.overlap(),
        of.checks(),
        new TableSpec(
            "listing",
            of.table().key(),
            of.table().version(),
            "city",
            of.table().fields(),
            null,
            KeysSql.parse(query),
            List.of(sellers)),
        of.tombstones());
  }

  @Test
  void sideTableOfAJoinNeedsAnIndexAndAGrantToo() throws SQLException {
    Listings.execute(
        root,
        "CREATE TABLE seller (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40),"
            + " changed DATETIME(6) NOT NULL)",
        "ALTER TABLE listing ADD seller_id BIGINT, ADD KEY (seller_id)");
    String from = " FROM listing l LEFT JOIN seller s ON s.id = l.seller_id WHERE l.id IN (:keys)";
    SourceOptions options =
        joined(listings.options(List.of(source())), "SELECT l.*, s.name" + from);
    for (String what : List.of("the account may not read all of table seller", "[changed, id]")) {
      List<Finding> found = check(options, Listings.SCHEMA);
      assertThat(found).singleElement().extracting(Finding::what).asString().contains(what);
      Listings.execute(root, found.getFirst().fix());
    }
    assertThat(check(options, Listings.SCHEMA)).isEmpty();
    SourceOptions wrong =
        joined(listings.options(List.of(source())), "SELECT l.*, s.nickname" + from);
    assertThat(check(wrong, Listings.SCHEMA))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what()).isEqualTo(source() + ": a query of a poll fails");
              assertThat(finding.evidence()).contains("nickname");
            });
  }

  @Test
  void aJoinWithoutAnIndexNamesTheTableThatIsReadWhole() throws SQLException {
    Listings.execute(
        root,
        FILL,
        "INSERT INTO listing_deleted VALUES (-1, '2024-01-01')",
        "ALTER TABLE listing ADD seller_id BIGINT",
        "UPDATE listing SET seller_id = id",
        "CREATE TABLE seller (id BIGINT NOT NULL PRIMARY KEY, code BIGINT, name VARCHAR(40),"
            + " changed DATETIME(6) NOT NULL, KEY by_version (changed, id))",
        "INSERT INTO seller SELECT id, id, 'x', updated_at FROM listing",
        "ANALYZE TABLE seller, listing",
        "GRANT SELECT ON seller TO 'freshet'@'127.0.0.1'");
    listings.limits = new Limits(10, 1_000, 1L << 20);
    SourceOptions options =
        joined(
            listings.options(List.of(source())),
            "SELECT l.*, s.name FROM listing l LEFT JOIN seller s ON s.code = l.seller_id"
                + " WHERE l.id IN (:keys)");
    List<Finding> found = check(options, Listings.SCHEMA);
    assertThat(found)
        .isNotEmpty()
        .allSatisfy(
            finding -> {
              assertThat(finding.what()).endsWith("reads or sorts whole tables for a few keys: s");
              assertThat(finding.evidence()).contains("table s, type ALL");
              assertThat(finding.fix())
                  .startsWith(
                      "create an index on the columns by which table.query finds the rows of s;");
            });
    Listings.execute(root, "CREATE INDEX by_code ON seller (code)");
    assertThat(check(options, Listings.SCHEMA)).isEmpty();
  }

  @Test
  void tableThatOnlyTheQueryNamesNeedsAGrantToo() throws SQLException {
    Listings.execute(
        root,
        "CREATE TABLE seller (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40))",
        "ALTER TABLE listing ADD seller_id BIGINT");
    SourceOptions of = listings.options(List.of(source()));
    SourceOptions options =
        new SourceOptions(
            of.session(),
            of.limits(),
            of.overlap(),
            of.checks(),
            new TableSpec(
                "listing",
                of.table().key(),
                of.table().version(),
                "city",
                of.table().fields(),
                null,
                KeysSql.parse(
                    "SELECT l.*, s.name FROM listing l LEFT JOIN seller s ON s.id = l.seller_id"
                        + " WHERE l.id IN (:keys)"),
                List.of()),
            of.tombstones());
    List<Finding> found = check(options, Listings.SCHEMA);
    assertThat(found)
        .singleElement()
        .satisfies(finding -> assertThat(finding.fix()).startsWith("GRANT SELECT ON "));
    Listings.execute(root, found.getFirst().fix());
    assertThat(check(options, Listings.SCHEMA)).isEmpty();
  }

  @Test
  void functionOfAnExpressionNeedsAGrantToo() throws SQLException {
    Listings.execute(
        root,
        "CREATE FUNCTION is_cheap(price DECIMAL(10,2)) RETURNS INT DETERMINISTIC"
            + " RETURN price < 10");
    listings.searchableIf = database.schema() + ".is_cheap(price) = 1";
    putRight(root, "the account may not ask what a poll asks");
  }

  @Test
  void smallPackets() throws SQLException {
    try (Statement statement = root.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@global.max_allowed_packet")) {
      row.next();
      String was = "SET GLOBAL max_allowed_packet = " + row.getLong(1);
      try {
        Listings.execute(root, "SET GLOBAL max_allowed_packet = 1048576");
        putRight(root, "max_allowed_packet");
      } finally {
        Listings.execute(root, was);
      }
    }
  }

  @Test
  void viewWhoseTableHasNoIndexIsShownByItsPlan() throws SQLException {
    Listings.execute(
        root,
        "DROP INDEX by_version ON listing",
        FILL,
        "INSERT INTO listing_deleted VALUES (-1, '2024-01-01')",
        "RENAME TABLE listing TO base",
        "CREATE VIEW listing AS SELECT * FROM base",
        "ANALYZE TABLE base",
        "GRANT SHOW VIEW ON listing TO 'freshet'@'127.0.0.1'",
        "GRANT SELECT ON base TO 'freshet'@'127.0.0.1'");
    listings.limits = new Limits(10, 1_000, 1L << 20);
    assertThat(check())
        .isNotEmpty()
        .allSatisfy(
            finding -> {
              assertThat(finding.what()).contains("sorts the whole table listing");
              assertThat(finding.evidence()).contains("table base, type ALL");
              assertThat(finding.fix()).startsWith("give the table below view `listing` indexes");
            });
    Listings.execute(root, "CREATE INDEX v ON base (updated_at)");
    assertThat(check()).isEmpty();
  }

  @Test
  void heartbeatThatMayNotBeRead() throws SQLException {
    Listings.execute(
        root,
        "CREATE TABLE beat (at DATETIME(6) NOT NULL)",
        "INSERT INTO beat VALUES (UTC_TIMESTAMP(6))");
    listings.lag = new LagSource.Heartbeat("beat", "at");
    putRight(root, "the lag can't be measured");
  }

  @Test
  void replicaThatStandsStillAndMayNotBeAsked() throws SQLException {
    SourceOptions options = replicaOptions();
    database.awaitReplica();
    assertThat(check(options, Listings.SCHEMA)).isEmpty();
    database.pair().stopSqlThread();
    try (Connection replica = database.replica()) {
      Listings.execute(replica, check(options, Listings.SCHEMA).getFirst().fix());
    } finally {
      database.pair().startSqlThread();
    }
    database.awaitReplica();
    assertThat(check(options, Listings.SCHEMA)).isEmpty();
    Listings.execute(
        root,
        "REVOKE /*M! REPLICA MONITOR */ /*!80000 REPLICATION CLIENT */ ON *.*"
            + " FROM 'freshet'@'127.0.0.1'");
    database.awaitReplica();
    List<Finding> denied = check(options, Listings.SCHEMA);
    assertThat(denied).hasSize(1);
    Listings.execute(root, denied.getFirst().fix());
    database.awaitReplica();
    assertThat(check(options, Listings.SCHEMA)).isEmpty();
  }

  private SourceOptions replicaOptions() {
    listings.lag = new LagSource.ReplicaStatus();
    return listings.options(List.of(Listings.endpoint(database.pair().replica())));
  }

  @Test
  void serverWithoutGtid() throws Exception {
    Assumptions.assumeTrue(isMySql(), "MariaDB has GTID wherever it has a binary log");
    ServerOptions without =
        ServerOptions.temporary(9)
            .withConfiguration("gtid_mode=OFF", "enforce_gtid_consistency=OFF");
    try (DatabaseServer server = TestFlavor.chosen().start(without, new SystemTime());
        Connection there = server.connectAsRoot()) {
      Listings.execute(there, "CREATE DATABASE shop", "USE shop");
      Listings other = Listings.create(there, "shop", 6);
      Listings.execute(there, "ALTER TABLE listing MODIFY updated_at DATETIME(6) NOT NULL");
      SourceOptions options = other.options(List.of(Listings.endpoint(server)));
      List<Finding> found = check(options, Listings.SCHEMA);
      assertThat(found).hasSize(1);
      assertThat(found.getFirst().what()).contains("without GTID");
      Listings.execute(there, found.getFirst().fix().split("; ", -1));
      assertThat(check(options, Listings.SCHEMA)).isEmpty();
    }
  }

  @Test
  void indexOnTheVersionAloneIsEnoughBeforeThePrimaryKey() throws Exception {
    Listings.execute(
        root, "DROP INDEX by_version ON listing", "CREATE INDEX v ON listing (updated_at)");
    assertThat(check()).isEmpty();
  }

  @Test
  void missingColumnAndOtherType() throws Exception {
    Listings.execute(
        root,
        "ALTER TABLE listing DROP COLUMN rooms",
        "ALTER TABLE listing MODIFY updated_at DATETIME(3) NOT NULL");
    assertThat(check())
        .extracting(Finding::evidence)
        .satisfiesExactlyInAnyOrder(
            columns -> assertThat(columns).startsWith("it has [id, city"),
            type -> assertThat(type).isEqualTo("it is datetime(3), configured is datetime(6)"));
  }

  @Test
  void keyOfAnotherType() throws Exception {
    Listings.execute(
        root,
        FILL,
        "INSERT INTO listing_deleted VALUES (-1, '2024-01-01')",
        "ALTER TABLE listing MODIFY id VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL",
        "UPDATE listing SET id = CONCAT('x', id)");
    assertThat(check())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.evidence())
                    .isEqualTo("it is varchar(20), configured is BIGINT"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no_such_column > 0 | can't be computed",
        "rooms > | can't be computed",
        "posted > NOW() | changes while its row does not",
        "rooms > (SELECT 1) | changes while its row does not",
        "rooms > 0 | is NULL for some rows"
      })
  void expressions(String expression, String what) throws SQLException {
    Listings.execute(root, "INSERT INTO listing (id, updated_at) VALUES (1, UTC_TIMESTAMP(6))");
    listings.searchableIf = expression;
    List<String> found = new ArrayList<>(check().stream().map(Finding::what).toList());
    assertThat(found).anyMatch(text -> text.contains(what));
  }

  @Test
  void sourceThatIsNoReplicaCannotTellItsLag() {
    listings.lag = new LagSource.ReplicaStatus();
    assertThat(check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("freshness is never claimed"));
  }

  @Test
  void wrongPassword() {
    listings.password = "wrong";
    assertThat(check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.fix()).contains("grants.sql"));
  }
}
