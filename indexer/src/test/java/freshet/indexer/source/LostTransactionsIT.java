package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.connect.HaProxy;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.SourcePosition;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

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

  /** What a name stands for, which may change behind it. */
  private interface Redirect {
    void to(DatabaseServer server) throws Exception;
  }

  @Test
  void history12theNameAnswersWithAnotherServerThatLacksThem() throws Exception {
    try (FaultyProxy name = new FaultyProxy(database.pair().source().port())) {
      nameAnswersWithAnotherServer(
          name.endpoint(),
          server -> {
            name.redirect(server.port());
            name.spoilOpen(Fault.CUT, Sender.SERVER);
          });
    }
  }

  @Test
  void history12throughHaproxy(@TempDir Path folder) throws Exception {
    assumeTrue(HaProxy.isInstalled(), "haproxy is not there: apt-get install haproxy");
    try (HaProxy name = new HaProxy(folder, database.pair().source().port())) {
      nameAnswersWithAnotherServer(name.endpoint(), server -> name.pointTo(server.port()));
    }
  }

  private void nameAnswersWithAnotherServer(Endpoint name, Redirect redirect) throws Exception {
    Listings listings = Listings.create(database, 6);
    LeapTime time = new LeapTime();
    listings.time = time;
    MySqlSource source = listings.source(name);
    try (ListingTable table = new ListingTable(database.source());
        ListingTable other = new ListingTable(database.replica());
        source) {
      table.insert(1, "one");
      table.insert(2, "two");
      database.awaitReplica();
      database.pair().stopSqlThread();
      table.update(1, "lost with the old server");
      table.delete(2);
      table.insert(3, "lost too");
      Follower follower = new Follower(source);
      follower.poll();
      table.assertEquals(follower);
      SourcePosition before = follower.position;

      redirect.to(database.pair().replica());
      assertThatExceptionOfType(SourceException.RoleSwapped.class).isThrownBy(follower::poll);
      time.leap(CheckOptions.DEFAULT_WAIT_FOR_TRANSACTIONS.minusMinutes(1));
      assertThatExceptionOfType(SourceException.RoleSwapped.class).isThrownBy(follower::poll);
      assertThat(follower.position).isEqualTo(before);

      time.leap(Duration.ofMinutes(2));
      ChangeBatch batch = follower.poll();
      assertThat(batch.readThrough()).isNull();
      assertThat(batch.findings())
          .anySatisfy(finding -> assertThat(finding.what()).contains("transactions", "are lost"));
      long ghosts = batch.report().checks().diffFound();
      for (int i = 0; i < 20 && batch.readThrough() == null; i++) {
        batch = follower.poll();
        ghosts += batch.report().checks().diffFound();
      }
      // What else is different lies within the overlap.
      assertThat(ghosts).isEqualTo(1);
      other.assertEquals(follower);
      assertThat(batch.readThrough()).isNotNull();
      assertThat(follower.position.server()).isNotEqualTo(before.server());
    } finally {
      database.pair().startSqlThread();
      database.awaitReplica();
    }
  }
}
