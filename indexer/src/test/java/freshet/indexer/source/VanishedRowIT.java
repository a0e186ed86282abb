package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.embedded.DatabaseFixture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows that go between two reads of one poll: the look-up is held back until they have. */
@Timeout(60)
class VanishedRowIT {
  private static final String LOOK_UP = "`listing` WHERE `id` IN (";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @Test
  void history9theRowOfASeenPairVanishesBeforeItIsFetched() throws Exception {
    Listings listings = Listings.create(database, 6);
    MySqlSource first = listings.source(database.pair().source());
    try (ListingTable table = new ListingTable(database.source());
        first;
        FaultyProxy proxy = new FaultyProxy(database.pair().source().port());
        MySqlSource second = listings.source(proxy.endpoint());
        ExecutorService polling = Executors.newVirtualThreadPerTaskExecutor()) {
      table.insert(1, "indexed, then gone");
      table.insert(2, "indexed, then changed");
      table.insert(3, "stays");
      Follower before = new Follower(first);
      before.poll();

      table.update(1, "nobody reads this");
      table.insert(4, "never indexed");
      Follower follower = new Follower(second);
      follower.documents.putAll(before.documents);
      follower.position = before.position;
      proxy.spoil(Fault.STALL, new Point(Sender.CLIENT, LOOK_UP, 0), 1);
      Future<ChangeBatch> poll = polling.submit(follower::poll);
      proxy.awaitFault();
      // No tombstone tells of it.
      table.execute("DELETE FROM listing WHERE id IN (1, 4)");
      table.update(2, "changed in between");
      proxy.heal();

      ChangeBatch batch = poll.get();
      assertThat(batch.reachedEnd()).isTrue();
      assertThat(batch.changes())
          .filteredOn(change -> change instanceof Change.Deletion)
          .extracting(change -> Follower.id(change.key()))
          .containsExactlyInAnyOrder(1L, 4L);
      assertThat(follower.titles()).containsExactly("changed in between", "stays");
      follower.poll();
      table.assertEquals(follower);
      assertThat(follower.poll().changes()).isEmpty();

      // A pair that vanished was not taken for seen: the row may come back with it.
      table.execute(
          "INSERT INTO listing (id, city, title, updated_at) SELECT 4, 'c', 'back', MAX(updated_at)"
              + " FROM listing");
      follower.poll();
      table.assertEquals(follower);
    }
  }
}
