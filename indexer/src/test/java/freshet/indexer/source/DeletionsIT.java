package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deletions, with tombstones, with late or rounded ones, and without, on real servers. */
@Timeout(60)
class DeletionsIT {
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
    source = listings.source(database.pair().source());
    follower = new Follower(source);
  }

  @AfterEach
  void end() throws SQLException {
    source.close();
    table.close();
  }

  private void restart() {
    source.close();
    source = listings.source(database.pair().source());
    Follower next = new Follower(source);
    next.documents.putAll(follower.documents);
    next.position = follower.position;
    follower = next;
  }

  private void diffAlways() {
    listings.checks =
        new CheckOptions(Duration.ofDays(1), Duration.ofHours(24), Duration.ofMillis(1), WAIT);
    restart();
  }

  private ChangeBatch pollUntilCompared() throws Exception {
    for (int i = 0; i < 100; i++) {
      ChangeBatch batch = follower.poll();
      if (listings.memory.read().diff().running() == null) {
        return batch;
      }
    }
    throw new AssertionError("100 polls have not ended the id diff");
  }

  @Test
  void roundedTombstoneBesideAFinerRowDeletesNothingThatIsThere() throws Exception {
    table.execute("DROP TABLE listing", "DROP TABLE listing_deleted");
    listings = Listings.create(database, 6, 0);
    restart();
    table.insert(1, "old");
    table.insert(2, "old");
    follower.poll();
    // One server rounds the tombstone up, beyond the row; the other cuts it off, before it.
    table.execute("SET @second = FLOOR(UNIX_TIMESTAMP()) - 10", "SET timestamp = @second + 0.6");
    table.delete(1);
    table.delete(2);
    follower.poll();
    table.assertEquals(follower);
    table.execute("SET timestamp = @second + 0.8");
    table.insert(1, "back");
    follower.poll();
    follower.poll();
    table.assertEquals(follower);
    table.execute("SET timestamp = @second + 3");
    table.delete(1);
    follower.poll();
    table.assertEquals(follower);
  }

  @Test
  void tombstonesThatWerePurgedWhileTheMasterWasDownLeaveNoGhost() throws Exception {
    for (int id = 0; id < 200; id++) {
      table.insert(id, "t" + id);
    }
    follower.poll();
    table.execute("DELETE FROM listing WHERE id < 100");
    listings.keptFor = Duration.ofHours(1);
    restart();
    downFor(Duration.ofHours(2));
    ChangeBatch first = follower.poll();
    ChangeBatch last = first.readThrough() == null ? pollUntilCompared() : first;
    assertThat(first.readThrough()).isNull();
    assertThat(first.reachedEnd()).isFalse();
    assertThat(first.whyNot())
        .contains("longer than tombstones are kept")
        .contains("an id diff runs");
    table.assertEquals(follower);
    assertThat(last.readThrough()).isNotNull();
    assertThat(last.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.evidence()).contains("100 ghosts"));
    assertThat(follower.poll().report().checks().diffKeys()).isZero();
  }

  /** The position is as old as if nobody had polled since. */
  private void downFor(Duration duration) {
    SourcePosition at = follower.position;
    follower.position =
        new SourcePosition(
            at.server(), at.gtid(), earlier(at.deletions(), duration), at.changes(), at.sides());
  }

  private static Cursor earlier(Cursor cursor, Duration duration) {
    return new Cursor(cursor.version() - duration.toNanos() / 1_000, cursor.key());
  }

  @Test
  void truncateIsFoundOnScheduleAndWithholdsNothing() throws Exception {
    for (int id = 0; id < 50; id++) {
      table.insert(id, "t" + id);
    }
    follower.poll();
    diffAlways();
    table.execute("TRUNCATE TABLE listing");
    ChangeBatch batch = follower.poll();
    assertThat(batch.readThrough()).isNotNull();
    pollUntilCompared();
    table.assertEquals(follower);
  }

  @Test
  void foreignKeyCascadeIsFoundOnSchedule() throws Exception {
    table.execute(
        "CREATE TABLE seller (id BIGINT PRIMARY KEY)",
        "ALTER TABLE listing ADD COLUMN seller BIGINT NULL,"
            + " ADD FOREIGN KEY (seller) REFERENCES seller (id) ON DELETE CASCADE",
        "INSERT INTO seller VALUES (7)");
    table.insert(1, "of seller 7");
    table.insert(2, "of nobody");
    table.execute("UPDATE listing SET seller = 7 WHERE id = 1");
    follower.poll();
    diffAlways();
    table.execute("DELETE FROM seller");
    pollUntilCompared();
    assertThat(follower.titles()).containsExactly("of nobody");
  }

  @Test
  void withoutAnyTraceNothingIsClaimedBeyondTheLastDiff() throws Exception {
    listings.hasTombstones = false;
    listings.checks =
        new CheckOptions(Duration.ofDays(1), Duration.ofHours(24), Duration.ofHours(1), WAIT);
    restart();
    table.insert(1, "one");
    table.insert(2, "two");
    ChangeBatch load = follower.poll();
    assertThat(load.readThrough()).isNull();
    assertThat(load.whyNot()).contains("deletions leave no trace");
    ChangeBatch compared = pollUntilCompared();
    assertThat(compared.readThrough()).isNotNull();

    table.execute("DELETE FROM listing WHERE id = 1");
    table.insert(3, "three");
    ChangeBatch later = follower.poll();
    assertThat(follower.titles()).containsExactly("one", "two", "three");
    assertThat(later.readThrough()).isEqualTo(compared.readThrough());

    diffAlways();
    ChangeBatch again = pollUntilCompared();
    assertThat(follower.titles()).containsExactly("two", "three");
    assertThat(again.readThrough()).isAfter(compared.readThrough());
  }
}
