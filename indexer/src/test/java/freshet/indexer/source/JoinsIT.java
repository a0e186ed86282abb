package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.KeysSql;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Documents that are joins of listings and their sellers, on a real server. */
@Timeout(60)
class JoinsIT {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("seller", FieldType.KEYWORD, null, false, true, false),
              new FieldSpec("posted", FieldType.DATE, null, false, true, false)),
          List.of("title"));

  private static final String LEFT_JOIN =
      """
      SELECT l.id, l.updated_at, l.city, l.title, l.posted, l.rooms, s.name AS seller
      FROM listing l LEFT JOIN seller s ON s.id = l.seller_id
      WHERE l.id IN (:keys) /* isn't it ? */ -- of one page, isn't it?""";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private final List<SideTable> sides = new ArrayList<>();
  private String query = LEFT_JOIN;
  private @Nullable String searchableIf;
  private Listings listings;
  private Connection writer;
  private MySqlSource source;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    writer = database.source();
    execute(
        "ALTER TABLE listing ADD COLUMN seller_id INT, ADD KEY by_seller (seller_id)",
        "CREATE TABLE seller (id INT NOT NULL PRIMARY KEY, name VARCHAR(99), changed DATETIME(6)"
            + " NOT NULL, KEY by_version (changed, id)) DEFAULT CHARSET utf8mb4",
        "GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
    sides.add(side("seller", "SELECT id FROM listing WHERE seller_id IN (:keys)"));
    seller(1, "Ann");
    seller(2, "Bob");
    follow();
  }

  @AfterEach
  void end() throws SQLException {
    source.close();
    writer.close();
  }

  private static SideTable side(String table, String documents) {
    return new SideTable(
        table,
        table,
        List.of(new KeyColumn("id", KeyType.BIGINT)),
        new VersionColumn("changed", new DateTime(6)),
        KeysSql.parse(documents));
  }

  /** Starts again, by the options as they are now. */
  private void restart() {
    if (source != null) {
      source.close();
    }
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    TableSpec table =
        new TableSpec(
            "listing",
            base.table().key(),
            base.table().version(),
            "city",
            List.of(
                FieldColumns.of("title", "title"),
                FieldColumns.of("seller", "seller"),
                FieldColumns.of("posted", "posted")),
            searchableIf,
            KeysSql.parse(query),
            sides);
    source =
        listings.source(
            new SourceOptions(
                base.session(),
                listings.limits,
                base.overlap(),
                base.checks(),
                table,
                base.tombstones()),
            SCHEMA);
  }

  private void follow() {
    restart();
    follower = new Follower(source);
  }

  private void restartAndGoOn() {
    Follower before = follower;
    follow();
    follower.documents.putAll(before.documents);
    follower.position = before.position;
  }

  private void execute(String... statements) throws SQLException {
    Listings.execute(writer, statements);
  }

  private void insert(long id, int seller) throws SQLException {
    execute(
        ("INSERT INTO listing (id, city, title, seller_id, rooms, posted, updated_at) VALUES"
                + " (%d, 'c', 't%d', %d, 1, '2026-03-29 02:30:00', UTC_TIMESTAMP(6))")
            .formatted(id, id, seller));
  }

  private void seller(int id, String name) throws SQLException {
    execute("REPLACE INTO seller VALUES (%d, '%s', UTC_TIMESTAMP(6))".formatted(id, name));
  }

  private Map<Long, List<Object>> table() throws SQLException {
    Map<Long, List<Object>> rows = new TreeMap<>();
    try (Statement statement = writer.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT l.id, l.title, s.name FROM listing l LEFT JOIN seller s ON s.id ="
                    + " l.seller_id")) {
      while (row.next()) {
        rows.put(row.getLong(1), List.of(row.getString(2), String.valueOf(row.getString(3))));
      }
    }
    return rows;
  }

  private void assertEqual() throws SQLException {
    Map<Long, List<Object>> indexed = new TreeMap<>();
    follower.documents.forEach(
        (id, document) ->
            indexed.put(
                id, List.of(document.values().get(0), String.valueOf(document.values().get(1)))));
    assertThat(indexed).isEqualTo(table());
  }

  @Test
  void documentsAreWhatTheQueryYields() throws Exception {
    insert(1, 1);
    insert(2, 2);
    insert(3, 99);
    ChangeBatch batch = follower.poll();
    assertEqual();
    assertThat(follower.documents.get(1L).values().get(2)).hasToString("2026-03-29T02:30:00Z");
    assertThat(follower.documents.get(3L).values().get(1)).isNull();
    assertThat(batch.readThrough()).isNotNull();
    assertThat(follower.poll().changes()).isEmpty();
  }

  @Test
  void onlyAJoinedRowChangesAndItsDocumentsFollow() throws Exception {
    insert(1, 1);
    insert(2, 2);
    insert(3, 1);
    follower.poll();
    seller(1, "Anne");

    ChangeBatch batch = follower.poll();

    assertThat(batch.changes()).hasSize(2).allMatch(change -> change.origin() == Origin.SIDE);
    assertEqual();
    assertThat(follower.poll().changes()).isEmpty();
  }

  @Test
  void anIdlePollIsOneQueryMoreForEachSideTable() throws Exception {
    insert(1, 1);
    follower.poll();
    follower.poll();
    ChangeBatch idle = follower.poll();
    assertThat(idle.to()).isEqualTo(idle.from());
    assertThat(idle.report().queries()).isLessThanOrEqualTo(5);
  }

  @Test
  void aSideRowThatCommitsLateIsFoundByTheOverlap() throws Exception {
    insert(1, 1);
    try (Connection slow = database.source()) {
      slow.setAutoCommit(false);
      Listings.execute(slow, "REPLACE INTO seller VALUES (1, 'late', UTC_TIMESTAMP(6))");
      seller(2, "Bobby");
      follower.poll();
      follower.poll();
      slow.commit();
    }
    follower.poll();
    assertEqual();
  }

  @Test
  void aSellerOfMoreDocumentsThanABatchHoldsTakesSeveralPolls() throws Exception {
    listings.limits = new Limits(20, 25, 1 << 20);
    follow();
    for (int id = 1; id <= 120; id++) {
      insert(id, 1);
    }
    while (!follower.poll().reachedEnd()) {
      assertThat(follower.documents).hasSizeLessThan(121);
    }
    seller(1, "Anne");
    Cursor before = follower.position.sides().get("seller");
    ChangeBatch first = follower.poll();
    assertThat(first.reachedEnd()).isFalse();
    assertThat(first.readThrough()).isNull();
    assertThat(first.changes()).hasSizeLessThan(60);
    assertThat(follower.position.sides().get("seller")).isEqualTo(before);
    int polls = 1;
    while (!follower.poll().reachedEnd()) {
      polls++;
      assertThat(polls).isLessThan(20);
    }
    assertEqual();
  }

  @Test
  void aSideTableThatIsNewInTheConfigurationIsReadFromItsStart() throws Exception {
    SideTable sellers = sides.removeFirst();
    follow();
    insert(1, 1);
    follower.poll();
    execute("UPDATE seller SET name = 'Anne', changed = '2020-01-01' WHERE id = 1");
    sides.add(sellers);
    restartAndGoOn();
    follower.poll();
    assertEqual();
    assertThat(follower.position.sides()).containsKey("seller");
  }

  @Test
  void aSideTableThatNotesDeletionsIsAnotherOne() throws Exception {
    execute(
        "CREATE TABLE seller_deleted (id INT NOT NULL, changed DATETIME(6) NOT NULL, PRIMARY KEY"
            + " (changed, id))");
    sides.add(side("seller_deleted", "SELECT id FROM listing WHERE seller_id IN (:keys)"));
    follow();
    insert(1, 1);
    follower.poll();
    execute(
        "DELETE FROM seller WHERE id = 1",
        "INSERT INTO seller_deleted VALUES (1, UTC_TIMESTAMP(6))");
    follower.poll();
    assertEqual();
    assertThat(follower.documents.get(1L).values().get(1)).isNull();
  }

  @Test
  void whatTheQueryNoLongerYieldsIsDeleted() throws Exception {
    query = LEFT_JOIN.replace("LEFT JOIN", "JOIN");
    follow();
    insert(1, 1);
    insert(2, 99);
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(1L);
    execute("UPDATE listing SET seller_id = 98, updated_at = UTC_TIMESTAMP(6) WHERE id = 1");
    seller(99, "new");
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(2L);
  }

  @Test
  void searchableIfIsOverTheQuerysColumns() throws Exception {
    searchableIf = "seller <> 'Bob' OR seller IS NULL";
    follow();
    insert(1, 1);
    insert(2, 2);
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(1L);
    seller(1, "Bob");
    seller(2, "Bobby");
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(2L);
  }

  @Test
  void aJoinThatYieldsSeveralRowsForAKeyIsNotResolvedByChance() throws Exception {
    query = LEFT_JOIN.replace("s.id = l.seller_id", "s.id >= l.seller_id");
    follow();
    insert(1, 1);
    insert(2, 2);
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(2L);
    assertThat(listings.setAside.reasons())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("1: table.query yields more than one row"));
  }

  @Test
  void aRowWithoutAVersionIsSetAside() throws Exception {
    insert(1, 1);
    execute("INSERT INTO listing (id, city, updated_at) VALUES (5, 'c', NULL)");
    follower.poll();
    assertThat(listings.setAside.reasons()).containsExactly("5: its version is NULL or no date");
    assertEqualWithout(5);
  }

  private void assertEqualWithout(long id) throws SQLException {
    execute("DELETE FROM listing WHERE id = " + id);
    assertEqual();
  }

  @Test
  void tombstonesAndChangesOfTheListingWorkAsEver() throws Exception {
    insert(1, 1);
    insert(2, 2);
    follower.poll();
    execute(
        "UPDATE listing SET title = 'T', updated_at = UTC_TIMESTAMP(6) WHERE id = 1",
        "DELETE FROM listing WHERE id = 2",
        "INSERT INTO listing_deleted VALUES (2, UTC_TIMESTAMP(6))");
    follower.poll();
    assertEqual();
  }

  @Test
  void aKeyOfSeveralColumnsIsReadByItsIndex() throws Exception {
    execute(
        "CREATE TABLE item (site VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, id INT"
            + " NOT NULL, city VARCHAR(9), title VARCHAR(99), v DATETIME(6) NOT NULL, seller_id"
            + " INT, PRIMARY KEY (site, id), KEY by_version (v, site, id), KEY by_seller"
            + " (seller_id))");
    StringBuilder rows = new StringBuilder("INSERT INTO item VALUES ");
    for (int i = 0; i < 3_000; i++) {
      rows.append(i == 0 ? "" : ",")
          .append(
              "('s%d',%d,'c','t',UTC_TIMESTAMP(6) - INTERVAL %d HOUR,%d)"
                  .formatted(i % 3, i, 3_000 - i, i % 500));
    }
    execute(rows.toString(), "ANALYZE TABLE item");
    List<KeyColumn> key =
        List.of(new KeyColumn("site", KeyType.STRING), new KeyColumn("id", KeyType.BIGINT));
    TableSpec table =
        new TableSpec(
            "item",
            key,
            new VersionColumn("v", new DateTime(6)),
            "city",
            List.of(FieldColumns.of("title", "title")),
            null,
            KeysSql.parse(
                "SELECT i.site, i.id, i.v, i.city, CONCAT(i.title, COALESCE(s.name, '')) AS title"
                    + " FROM item i LEFT JOIN seller s ON s.id = i.seller_id WHERE (i.site, i.id)"
                    + " IN (:keys)"),
            List.of(side("seller", "SELECT site, id FROM item WHERE seller_id IN (:keys)")));
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    IndexSchema schema =
        new IndexSchema(
            1, List.of(KeyType.STRING, KeyType.BIGINT), List.of(SCHEMA.fields().get(0)), List.of());
    try (MySqlSource items =
        listings.source(
            new SourceOptions(
                base.session(), base.limits(), base.overlap(), base.checks(), table, null),
            schema)) {
      ChangeBatch all =
          items.poll(SourcePosition.START, OverlapWindow.UNSEEN, StoredDocuments.NONE);
      assertThat(all.changes()).hasSize(3_000);
      execute("UPDATE item SET v = UTC_TIMESTAMP(6), title = 'T' WHERE id IN (5, 6, 7)");
      seller(1, "Anne");
      long before = reads();
      ChangeBatch few = items.poll(all.to(), all.window(), StoredDocuments.NONE);
      assertThat(few.changes()).hasSize(9);
      assertThat(reads() - before).isLessThan(1_000);
    }
  }

  private long reads() throws SQLException {
    long sum = 0;
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Handler_read%'")) {
      while (row.next()) {
        sum += row.getLong(2);
      }
    }
    return sum;
  }

  @Test
  void aMistakeInTheQueryIsASchemaErrorWithTheServersWords() throws Exception {
    query = "SELECT no_such_column AS id FROM listing WHERE id IN (:keys)";
    follow();
    insert(1, 1);
    assertThat(
            catchThrowableOfType(
                SourceException.class,
                () ->
                    source.poll(SourcePosition.START, OverlapWindow.UNSEEN, StoredDocuments.NONE)))
        .isInstanceOf(SourceException.SchemaError.class)
        .hasMessageContaining("no_such_column");
  }
}
