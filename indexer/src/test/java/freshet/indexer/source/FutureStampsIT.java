package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A row that is stamped in 2037, on a real server. */
@Timeout(60)
class FutureStampsIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @Test
  void areFoundNamedAndPassedByWhatComesAfterThem() throws Exception {
    Listings listings = Listings.create(database, 6);
    try (ListingTable table = new ListingTable(database.source());
        MySqlSource source = listings.source(database.pair().source())) {
      Follower follower = new Follower(source);
      table.execute(
          "INSERT INTO listing (id, city, title, updated_at) VALUES (7, 'c', 'x', '2037-01-02')");
      ChangeBatch batch = follower.poll();
      assertThat(batch.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.what()).startsWith("row 7 of table listing is stamped");
                assertThat(finding.evidence())
                    .contains("updated_at is 2037-01-02T00:00, the server's clock shows 20");
              });
      for (int id = 100; id < 200; id++) {
        table.insert(id, "ordinary");
      }
      assertThat(follower.poll().findings()).hasSize(1);
      table.assertEquals(follower);
      table.update(7, "corrected");
      assertThat(follower.poll().findings()).isEmpty();
      table.assertEquals(follower);
    }
  }
}
