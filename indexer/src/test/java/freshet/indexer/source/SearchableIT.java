package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** searchable_if is computed with the row and never a condition: what it excludes is a deletion. */
@Timeout(60)
class SearchableIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Connection writer;
  private MySqlSource source;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    Listings listings = Listings.create(database, 6);
    // The OR would swallow conditions that it stood beside.
    listings.searchableIf = "rooms > 2 OR pets = 1";
    writer = database.source();
    source = listings.source(database.pair().source());
    follower = new Follower(source);
    Listings.execute(
        writer,
        "INSERT INTO listing (id, city, title, rooms, pets, updated_at) VALUES"
            + " (1, 'c', 'one', 3, 0, UTC_TIMESTAMP(6)), (2, 'c', 'two', 0, 1, UTC_TIMESTAMP(6)),"
            + " (3, 'c', 'three', 0, 0, UTC_TIMESTAMP(6)),"
            + " (4, 'c', 'four', NULL, NULL, UTC_TIMESTAMP(6)),"
            + " (5, 'c', 'five', NULL, 0, UTC_TIMESTAMP(6))");
  }

  @AfterEach
  void end() throws SQLException {
    source.close();
    writer.close();
  }

  private void update(long id, String change) throws SQLException {
    Listings.execute(
        writer,
        "UPDATE listing SET %s, updated_at = UTC_TIMESTAMP(6) WHERE id = %d".formatted(change, id));
  }

  @Test
  void falseAndUnknownAreNotSearchable() throws Exception {
    ChangeBatch batch = follower.poll();
    assertThat(follower.documents).containsOnlyKeys(1L, 2L);
    assertThat(batch.changes()).hasSize(5);
  }

  @Test
  void aRowLeavesComesBackAndLeavesAgain() throws Exception {
    follower.poll();
    update(1, "rooms = NULL");
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(2L);
    update(1, "rooms = 4, title = 'back'");
    follower.poll();
    assertThat(follower.titles()).containsExactly("back", "two");
    update(1, "rooms = 2");
    update(3, "pets = 1");
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(2L, 3L);
    assertThat(follower.poll().changes()).isEmpty();
  }

  @Test
  void aRowThatIsNotSearchableNeedsNoCity() throws Exception {
    follower.poll();
    update(1, "rooms = 0, city = NULL");
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(2L);
  }

  @Test
  void aTombstoneOfARowThatIsNotSearchableDeletes() throws Exception {
    follower.poll();
    Listings.execute(
        writer,
        "INSERT INTO listing_deleted VALUES (1, UTC_TIMESTAMP(6))",
        "UPDATE listing SET rooms = 0 WHERE id = 1");
    follower.poll();
    assertThat(follower.documents).containsOnlyKeys(2L);
  }
}
