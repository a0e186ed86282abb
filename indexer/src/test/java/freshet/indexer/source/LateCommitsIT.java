package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.source.Change.Origin;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Transactions that commit behind their stamp, on real servers. */
@Timeout(60)
class LateCommitsIT {
  private static final Duration WAIT = CheckOptions.DEFAULT_WAIT_FOR_TRANSACTIONS;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private ListingTable table;
  private MySqlSource source;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    table = new ListingTable(database.source());
    follow();
  }

  private void follow() {
    source = listings.source(database.pair().source());
    follower = new Follower(source);
  }

  private void followCoarse() throws Exception {
    source.close();
    table.execute("DROP TABLE listing", "DROP TABLE listing_deleted");
    listings = Listings.create(database, 0);
    follow();
  }

  @AfterEach
  void end() throws SQLException {
    source.close();
    table.close();
  }

  private static String stamped(long id, String title, int minutesAgo) {
    return "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, 'c', '%s', UTC_TIMESTAMP(6) - INTERVAL %d MINUTE)"
        .formatted(id, title, minutesAgo);
  }

  /** With a sweep in every poll. */
  private void sweepAlways() {
    listings.checks =
        new CheckOptions(Duration.ofMillis(1), Duration.ofHours(24), Duration.ofDays(1), WAIT);
    source.close();
    follow();
  }

  @Test
  void withinTheOverlapItIsFoundByTheNextPoll() throws Exception {
    try (Connection slow = database.source()) {
      slow.setAutoCommit(false);
      Listings.execute(slow, stamped(1, "stamped first", 1));
      table.insert(2, "stamped second");
      follower.poll();
      slow.commit();
    }
    assertThat(follower.poll().changes()).extracting(Change::origin).containsOnly(Origin.OVERLAP);
    table.assertEquals(follower);
  }

  @Test
  void openForThreeWindowsItIsFoundByTheSweepReportedAndWidensTheOverlap() throws Exception {
    sweepAlways();
    try (Connection slow = database.source()) {
      slow.setAutoCommit(false);
      Listings.execute(slow, stamped(1, "open for half an hour", 30));
      table.insert(2, "two");
      follower.poll();
      follower.poll();
      slow.commit();
    }
    ChangeBatch found = follower.poll();
    assertThat(found.changes()).extracting(Change::origin).containsExactly(Origin.SWEEP);
    table.assertEquals(follower);

    ChangeBatch next = follower.poll();
    assertThat(next.report().checks().sweepRescued()).isEqualTo(1);
    assertThat(next.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what()).contains("commit later than the overlap reaches");
              assertThat(finding.evidence()).contains("rescued 1 document;").contains("180");
            });
    assertThat(listings.memory.read().overlap()).isBetween(minutes(30), minutes(31));
    assertThat(follower.poll().findings()).isEmpty();
  }

  @Test
  void oneAsLateAsTheLastIsFoundByTheWidenedOverlapAlsoAfterARestart() throws Exception {
    openForThreeWindowsItIsFoundByTheSweepReportedAndWidensTheOverlap();
    listings.checks =
        new CheckOptions(Duration.ofDays(1), Duration.ofHours(24), Duration.ofDays(1), WAIT);
    source.close();
    source = listings.source(database.pair().source());
    Follower restarted = new Follower(source);
    restarted.documents.putAll(follower.documents);
    restarted.position = follower.position;
    table.execute(stamped(3, "as late", 29));
    assertThat(restarted.poll().changes()).extracting(Change::key).hasSize(3);
    table.assertEquals(restarted);
  }

  @Test
  void tombstonesAreSweptToo() throws Exception {
    sweepAlways();
    table.insert(1, "one");
    table.insert(2, "two");
    table.delete(2);
    follower.poll();
    follower.poll();
    table.execute(
        "DELETE FROM listing WHERE id = 1",
        "INSERT INTO listing_deleted VALUES (1, UTC_TIMESTAMP(6) - INTERVAL 30 MINUTE)");
    pollUntilSwept();
    table.assertEquals(follower);
    assertThat(listings.memory.read().overlap()).isBetween(minutes(30), minutes(31));
  }

  @Test
  void rowsThatAreNotIndexedForAReasonAreNotLate() throws Exception {
    listings.searchableIf = "rooms > 0";
    sweepAlways();
    table.insert(1, "now");
    follower.poll();
    table.execute(stamped(2, "not searchable", 30), stamped(3, "no city", 30));
    table.execute("UPDATE listing SET city = NULL, rooms = 1 WHERE id = 3");
    pollUntilSwept();
    pollUntilSwept();
    assertThat(listings.memory.read().overlap()).isZero();
    assertThat(follower.documents).isEmpty();
    int before = follower.poll().report().changesRead();
    assertThat(before).isZero();
  }

  private void pollUntilSwept() throws Exception {
    Long before = listings.memory.read().sweep().last();
    for (int i = 0; i < 50; i++) {
      follower.poll();
      if (!Objects.equals(before, listings.memory.read().sweep().last())) {
        follower.poll();
        return;
      }
    }
    throw new AssertionError("50 polls have not ended a sweep");
  }

  @Test
  void secondUpdateWithinTheTickIsIndexed() throws Exception {
    followCoarse();
    table.insert(1, "a");
    follower.poll();
    table.execute("UPDATE listing SET title = 'b' WHERE id = 1");
    follower.poll();
    table.assertEquals(follower);
  }

  @Test
  void sameStampAfterALockWaitIsIndexedWhenTheOverlapIsOver() throws Exception {
    followCoarse();
    table.insert(1, "before");
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    try (Connection first = database.source();
        Connection second = database.source()) {
      // Both statements begin within one second, almost an overlap ago.
      String then = "SET timestamp = UNIX_TIMESTAMP() - 590";
      Listings.execute(first, then);
      Listings.execute(second, then.replace("UNIX_TIMESTAMP() - 590", timestamp(first)));
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      Listings.execute(first, update("first"));
      Future<Void> waiting =
          executor.submit(
              () -> {
                Listings.execute(second, update("waited for the lock"));
                return null;
              });
      awaitLockWait();
      first.commit();
      waiting.get();
      follower.poll();
      assertThat(follower.titles()).containsExactly("first");
      second.commit();
    } finally {
      executor.shutdown();
    }
    follower.poll();
    assertThat(follower.titles()).containsExactly("first");
    for (int i = 0; i < 200 && follower.titles().equals(List.of("first")); i++) {
      // It is read once more when its stamp is an overlap old.
      table.execute("DO SLEEP(0.1)");
      follower.poll();
    }
    assertThat(follower.titles()).containsExactly("waited for the lock");
    table.assertEquals(follower);
  }

  private static String update(String title) {
    return "UPDATE listing SET title = '%s', updated_at = UTC_TIMESTAMP() WHERE id = 1"
        .formatted(title);
  }

  private static String timestamp(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@timestamp")) {
      row.next();
      return row.getString(1);
    }
  }

  private void awaitLockWait() throws SQLException {
    for (int i = 0; i < 50; i++) {
      // The server renews what it shows only for readers that come seldom.
      table.execute("DO SLEEP(0.3)");
      if (table.count("information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'") > 0) {
        return;
      }
    }
    throw new AssertionError("nobody waits for the lock");
  }

  @Test
  void clockThatStepsBackLosesNothing() throws Exception {
    table.insert(1, "one");
    follower.poll();
    table.execute("SET timestamp = UNIX_TIMESTAMP() - 3");
    table.insert(2, "after the step");
    table.delete(1);
    follower.poll();
    table.assertEquals(follower);
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }
}
