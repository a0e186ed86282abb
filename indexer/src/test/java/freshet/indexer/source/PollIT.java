package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a poll reads, against a real server. */
class PollIT {
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

  private void insert(long id, String city, String title) throws SQLException {
    execute(
        "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, '%s', '%s', UTC_TIMESTAMP(6))"
            .formatted(id, city, title));
  }

  @Test
  void everyTypeArrivesAsItIsInTheRow() throws Exception {
    execute(
        """
        INSERT INTO listing VALUES (-7, 'São Paulo', 'Größe 🏠', 1234.50, 3, 1,
          '2026-03-29 02:30:00', -23.55, -46.63, 'quiet, sunny,,new', '2026-10-25 02:30:00.123456')""",
        "INSERT INTO listing (id, city, updated_at) VALUES (8, '', '2026-10-25 02:30:00.123457')");

    ChangeBatch batch = follower.poll();

    SourceDocument document = follower.documents.get(-7L);
    assertThat(document.city()).isEqualTo(new City("São Paulo"));
    assertThat(document.version())
        .isEqualTo(Instant.parse("2026-10-25T02:30:00Z").getEpochSecond() * 1_000_000 + 123_456);
    assertThat(document.values())
        .containsExactly(
            "Größe 🏠",
            1234.5,
            3L,
            true,
            Instant.parse("2026-03-29T02:30:00Z"),
            new GeoPoint(-23.55, -46.63),
            List.of("quiet", "sunny", "new"));
    assertThat(follower.documents.get(8L).values()).containsOnlyNulls();
    assertThat(batch.changes()).extracting(Change::origin).containsOnly(Origin.CURSOR);
    assertThat(batch.reachedEnd()).isTrue();
    assertThat(batch.readThrough()).isEqualTo(batch.report().databaseNow());
  }

  @Test
  void idlePollIsFourQueriesOnTheSameConnectionAndMovesNothing() throws Exception {
    insert(1, "a", "one");
    execute("INSERT INTO listing_deleted VALUES (5, UTC_TIMESTAMP(6))");
    follower.poll();
    ChangeBatch idle = follower.poll();

    assertThat(idle.changes()).isEmpty();
    assertThat(idle.to()).isEqualTo(idle.from());
    assertThat(idle.report().connects()).isZero();
    assertThat(idle.report().queries()).isLessThanOrEqualTo(4);
    assertThat(idle.readThrough()).isNotNull();
  }

  @Test
  void changesAndDeletionsFollow() throws Exception {
    insert(1, "a", "one");
    insert(2, "a", "two");
    follower.poll();
    execute(
        "UPDATE listing SET title = 'ONE', updated_at = UTC_TIMESTAMP(6) WHERE id = 1",
        "DELETE FROM listing WHERE id = 2",
        "INSERT INTO listing_deleted VALUES (2, UTC_TIMESTAMP(6))");
    ChangeBatch batch = follower.poll();

    assertThat(follower.titles()).containsExactly("ONE");
    assertThat(batch.changes())
        .extracting(Change::origin)
        .containsExactlyInAnyOrder(Origin.CURSOR, Origin.TOMBSTONE);
  }

  /** A snapshot that stayed open would stall an ALTER, and with it a replica's applier. */
  @Test
  void noTransactionStaysOpenBetweenThePagesOfAPoll() throws Exception {
    execute(
        "INSERT INTO listing (id, city, updated_at)"
            + " VALUES (1, 'a', UTC_TIMESTAMP(6) - INTERVAL 1 HOUR)");
    StoredDocuments indexed = follower.stored;
    List<String> altered = new ArrayList<>();
    StoredDocuments altering =
        new StoredDocuments() {
          @Override
          public Map<DocumentKey, Set<Long>> versions(Collection<DocumentKey> keys)
              throws IOException {
            try {
              String column = "added_" + altered.size();
              execute(
                  "SET SESSION lock_wait_timeout = 1",
                  "ALTER TABLE listing ADD COLUMN " + column + " INT");
              altered.add(column);
            } catch (SQLException e) {
              throw new AssertionError("the poll holds a lock between its pages", e);
            }
            return indexed.versions(keys);
          }

          @Override
          public List<DocumentKey> keysAfter(DocumentKey after, int limit) throws IOException {
            return indexed.keysAfter(after, limit);
          }
        };
    ChangeBatch first = source.poll(follower.position, follower.window, altering);
    assertThat(first.changes()).hasSize(1);
    source.poll(first.to(), first.window(), altering);
    assertThat(altered).isNotEmpty();
  }
}
