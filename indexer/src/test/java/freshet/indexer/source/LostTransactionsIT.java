package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.SourceException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that lacks what was read from another one, for a while and for ever. */
@Timeout(60)
class LostTransactionsIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @Test
  void areWaitedForAndThenAllKeysAreCompared() throws Exception {
    Listings listings = Listings.create(database, 6);
    listings.checks =
        new CheckOptions(
            Duration.ofDays(1), Duration.ofHours(24), Duration.ofDays(1), Duration.ofMillis(1));
    MySqlSource first = listings.source(database.pair().source());
    MySqlSource second = listings.source(database.pair().replica());
    try (ListingTable table = new ListingTable(database.source());
        ListingTable replica = new ListingTable(database.replica());
        first;
        second) {
      table.insert(1, "one");
      table.insert(2, "two");
      database.awaitReplica();
      database.pair().stopSqlThread();
      table.update(1, "lost with the old source");
      table.delete(2);
      table.insert(3, "lost too");
      Follower follower = new Follower(first);
      follower.poll();
      table.assertEquals(follower);

      Follower failedOver = new Follower(second);
      failedOver.documents.putAll(follower.documents);
      failedOver.position = follower.position;
      assertThatExceptionOfType(SourceException.RoleSwapped.class).isThrownBy(failedOver::poll);

      ChangeBatch batch = failedOver.poll();
      assertThat(batch.findings())
          .anySatisfy(
              finding -> {
                assertThat(finding.what()).contains("lost");
                assertThat(finding.evidence()).contains("lacks some of");
              });
      assertThat(batch.readThrough()).isNull();
      assertThat(batch.whyNot()).contains("lost transactions");
      for (int i = 0; i < 20 && batch.readThrough() == null; i++) {
        batch = failedOver.poll();
      }
      replica.assertEquals(failedOver);
      assertThat(batch.readThrough()).isNotNull();
      assertThat(failedOver.position.server()).isNotEqualTo(follower.position.server());
      assertThat(listings.memory.read().waiting()).isNull();
    } finally {
      database.pair().startSqlThread();
      database.awaitReplica();
    }
  }
}
