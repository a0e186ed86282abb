package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An overlap with more changes than are kept in memory, on a real server. */
@Timeout(60)
class FullWindowIT {
  private static final int ROWS = 200;
  private static final int PAIRS = 8;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @Test
  void onlyWhatDiffersFromTheIndexIsReadAgain() throws Exception {
    Listings listings = Listings.create(database, 6);
    listings.limits = new Limits(10, 1_000, 1 << 20, 1 << 20, PAIRS);
    MySqlSource source = listings.source(database.pair().source());
    try (ListingTable table = new ListingTable(database.source());
        Connection slow = database.source();
        source) {
      slow.setAutoCommit(false);
      Listings.execute(
          slow,
          "INSERT INTO listing (id, city, title, updated_at) VALUES (9999, 'c', 'late', UTC_TIMESTAMP(6))");
      for (int id = 0; id < ROWS; id++) {
        table.insert(id, "t" + id);
      }
      Follower follower = new Follower(source);
      follower.poll();
      ChangeBatch idle = follower.poll();
      assertThat(idle.changes()).isEmpty();
      assertThat(idle.reachedEnd()).isTrue();
      assertThat(idle.report().changesRead()).isZero();
      assertThat(idle.report().overlapPairs()).isEqualTo(ROWS);
      assertThat(idle.report().windowPairs()).isLessThanOrEqualTo(PAIRS);
      assertThat(idle.findings())
          .anySatisfy(
              finding -> {
                assertThat(finding.evidence()).contains("source.window_pairs is " + PAIRS);
                assertThat(finding.fix()).contains("raise source.window_pairs");
              });

      slow.commit();
      table.delete(7);
      table.update(8, "new");
      ChangeBatch batch = follower.poll();
      assertThat(batch.changes()).hasSize(3);
      table.assertEquals(follower);
      assertThat(follower.poll().changes()).isEmpty();
    }
  }
}
