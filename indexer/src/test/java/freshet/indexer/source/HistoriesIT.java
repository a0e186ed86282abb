package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Histories that need a real server to be true. */
@Timeout(60)
class HistoriesIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;
  private MySqlSource source;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    writer = database.source();
    follow();
  }

  @AfterEach
  void end() throws SQLException {
    source.close();
    writer.close();
  }

  private void follow() {
    source = listings.source(database.pair().source());
    follower = new Follower(source);
  }

  private void execute(String... statements) throws SQLException {
    Listings.execute(writer, statements);
  }

  private static String insert(long id, String title) {
    return "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, 'c', '%s', UTC_TIMESTAMP(6))"
        .formatted(id, title);
  }

  private static String tombstone(long id) {
    return "INSERT INTO listing_deleted VALUES (%d, UTC_TIMESTAMP(6))".formatted(id);
  }

  private Map<Long, Object> table() throws SQLException {
    Map<Long, Object> rows = new TreeMap<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, title FROM listing")) {
      while (row.next()) {
        rows.put(row.getLong(1), row.getString(2));
      }
    }
    return rows;
  }

  private void assertEqual() throws SQLException {
    Map<Long, Object> indexed = new TreeMap<>();
    follower.documents.forEach((id, document) -> indexed.put(id, document.values().getFirst()));
    assertThat(indexed).isEqualTo(table());
  }

  @Test
  void lateCommitIsFoundByTheOverlap() throws Exception {
    try (Connection slow = database.source()) {
      slow.setAutoCommit(false);
      Listings.execute(slow, insert(1, "stamped first"));
      execute(insert(2, "stamped second"));
      follower.poll();
      assertThat(follower.titles()).containsExactly("stamped second");
      slow.commit();
    }
    ChangeBatch batch = follower.poll();
    assertThat(batch.changes()).extracting(Change::origin).containsExactly(Origin.OVERLAP);
    assertEqual();
  }

  @Test
  void secondUpdateWithinTheTickIsIndexed() throws Exception {
    execute("DROP TABLE listing", "DROP TABLE listing_deleted");
    listings = Listings.create(database, 0);
    source.close();
    follow();
    execute("INSERT INTO listing (id, city, title, updated_at) VALUES (1,'c','a',UTC_TIMESTAMP())");
    follower.poll();
    execute("UPDATE listing SET title = 'b' WHERE id = 1");
    follower.poll();
    assertEqual();
  }

  @Test
  void deleteAndReinsertInBothOrders() throws Exception {
    execute(insert(1, "one"), insert(2, "two"));
    follower.poll();
    execute("DELETE FROM listing WHERE id = 1", tombstone(1), insert(1, "back"));
    execute("DELETE FROM listing WHERE id = 2", tombstone(2));
    follower.poll();
    assertEqual();
    execute(insert(2, "back"), "DELETE FROM listing WHERE id = 1", tombstone(1));
    follower.poll();
    assertEqual();
    execute("DELETE FROM listing WHERE id = 2", tombstone(2), insert(1, "x"));
    follower.poll();
    assertEqual();
  }

  @Test
  void tombstoneStampedBeforeTheReinsertAndCommittedAfterItDeletesNothing() throws Exception {
    execute(insert(1, "one"));
    follower.poll();
    try (Connection slow = database.source()) {
      slow.setAutoCommit(false);
      Listings.execute(slow, tombstone(1));
      execute("UPDATE listing SET title='back', updated_at=UTC_TIMESTAMP(6) WHERE id=1");
      follower.poll();
      slow.commit();
    }
    follower.poll();
    assertThat(follower.titles()).containsExactly("back");
  }

  @Test
  void endedByABoundNothingIsSkippedAndNothingIsClaimed() throws Exception {
    for (int i = 0; i < 25; i++) {
      execute(insert(i, "t" + i));
    }
    listings.limits = new Limits(4, 10, 1 << 20);
    source.close();
    follow();
    ChangeBatch first = follower.poll();
    assertThat(first.changes()).hasSizeLessThan(25);
    assertThat(first.reachedEnd()).isFalse();
    assertThat(first.readThrough()).isNull();
    assertThat(first.whyNot()).contains("more to read");
    execute("UPDATE listing SET title='late', updated_at=UTC_TIMESTAMP(6) WHERE id=3");
    while (!follower.poll().reachedEnd()) {
      assertThat(follower.documents).hasSizeLessThan(26);
    }
    assertEqual();
  }

  @Test
  void startedAgainAtAnyBatchTheEndIsTheSame() throws Exception {
    for (int i = 0; i < 20; i++) {
      execute(insert(i, "t" + i));
    }
    execute("DELETE FROM listing WHERE id = 7", tombstone(7));
    for (int crashAfter = 0; crashAfter < 8; crashAfter++) {
      listings.limits = new Limits(3, 3, 1 << 20);
      source.close();
      follow();
      for (int i = 0; i < crashAfter; i++) {
        follower.poll();
      }
      source.poll(follower.position, follower.window, follower.stored);
      listings.limits = Limits.DEFAULT;
      source.close();
      source = listings.source(database.pair().source());
      Follower restarted = new Follower(source);
      restarted.documents.putAll(follower.documents);
      restarted.position = follower.position;
      follower = restarted;
      follower.poll();
      assertEqual();
      assertThat(follower.poll().changes()).isEmpty();
    }
  }

  @Test
  void stoppedReplicaNeverRaisesWhatIsClaimed() throws Exception {
    listings.lag = new LagSource.ReplicaStatus();
    database.awaitReplica();
    source.close();
    source = listings.source(database.pair().replica());
    follower = new Follower(source);
    execute(insert(1, "one"));
    database.awaitReplica();
    ChangeBatch good = follower.poll();
    assertThat(good.readThrough()).isNotNull();
    assertThat(good.report().databaseNow()).isAfterOrEqualTo(good.readThrough().plusSeconds(1));
    database.pair().stopSqlThread();
    try {
      ChangeBatch stopped = follower.poll();
      assertThat(stopped.reachedEnd()).isTrue();
      assertThat(stopped.readThrough()).isNull();
      assertThat(stopped.whyNot()).contains("replication is not running");
    } finally {
      database.pair().startSqlThread();
    }
  }

  @Test
  void replicaThatLacksOurTransactionsIsNotPolled() throws Exception {
    database.awaitReplica();
    database.pair().stopSqlThread();
    try {
      execute(insert(1, "one"));
      follower.poll();
      MySqlSource replica = listings.source(database.pair().replica());
      try (replica) {
        assertThatExceptionOfType(SourceException.RoleSwapped.class)
            .isThrownBy(() -> replica.poll(follower.position, follower.window, follower.stored))
            .withMessageContaining("waiting until it has caught up");
        database.pair().startSqlThread();
        database.awaitReplica();
        ChangeBatch batch = replica.poll(follower.position, follower.window, follower.stored);
        assertThat(batch.to().server()).isNotEqualTo(follower.position.server());
        assertThat(batch.changes()).isEmpty();
      }
    } finally {
      database.pair().startSqlThread();
    }
  }

  @Test
  void rowsThatCannotBecomeDocumentsAreSetAsideAndTheOthersGoOn() throws Exception {
    execute(
        insert(1, "good"),
        "INSERT INTO listing (id, city, title, updated_at) VALUES (2, NULL, 'x', UTC_TIMESTAMP(6))",
        "INSERT INTO listing (id, city, title, updated_at) VALUES (3, REPEAT('ü', 300), 'x', UTC_TIMESTAMP(6))",
        "INSERT INTO listing (id, city, lat, lon, updated_at) VALUES (4, 'c', 100, 0, UTC_TIMESTAMP(6))",
        "INSERT INTO listing (id, city, title, updated_at) VALUES (5, 'c', 'x', NULL)",
        "INSERT INTO listing (id, city, title, pets, updated_at) VALUES (6, 'c', 'x', 7, UTC_TIMESTAMP(6))");
    ChangeBatch batch = follower.poll();
    assertThat(follower.titles()).containsExactly("good");
    assertThat(listings.setAside.reasons())
        .hasSize(5)
        .anyMatch(line -> line.startsWith("2: its city (city) is NULL"))
        .anyMatch(line -> line.startsWith("5: its version is NULL"))
        .anyMatch(line -> line.startsWith("4: field at (geo_point)"));
    assertThat(batch.reachedEnd()).isTrue();
    assertThat(follower.poll().report().changesRead()).isZero();
  }

  @Test
  void rowThatStopsToBeSearchableIsADeletion() throws Exception {
    listings.searchableIf = "rooms > 0";
    source.close();
    follow();
    execute(insert(1, "one"), insert(2, "two"), "UPDATE listing SET rooms = 1");
    follower.poll();
    assertThat(follower.titles()).containsExactly("one", "two");
    execute("UPDATE listing SET rooms = NULL, updated_at = UTC_TIMESTAMP(6) WHERE id = 1");
    follower.poll();
    assertThat(follower.titles()).containsExactly("two");
  }

  @Test
  void indexIsReadInTheWindowOnly() throws Exception {
    StringBuilder rows =
        new StringBuilder("INSERT INTO listing (id, city, title, updated_at) VALUES ");
    for (int i = 0; i < 5_000; i++) {
      rows.append(i == 0 ? "" : ",")
          .append("(%d,'c','t', UTC_TIMESTAMP(6) - INTERVAL %d MINUTE)".formatted(i, 5_000 - i));
    }
    execute(rows.toString(), "ANALYZE TABLE listing");
    follower.poll();
    follower.poll();
    long before = handlerReads();
    follower.poll();
    // About ten rows were stamped within the overlap.
    assertThat(handlerReads() - before).isLessThan(200);
  }

  private long handlerReads() throws SQLException {
    long sum = 0;
    try (Statement statement = writer.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SHOW GLOBAL STATUS WHERE Variable_name IN ('Handler_read_next',"
                    + " 'Handler_read_key', 'Handler_read_rnd')")) {
      while (row.next()) {
        sum += row.getLong(2);
      }
    }
    return sum;
  }
}
