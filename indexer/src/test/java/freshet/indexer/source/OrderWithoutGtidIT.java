package freshet.indexer.source;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.LagSource;
import freshet.indexer.source.Remembered.WithoutGtid;
import freshet.indexer.source.Remembered.WithoutGtid.Left;
import freshet.replicator.runtime.SystemTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A failover between servers without GTID. They do not replicate: the second one is told what the
 * first one was told when the test wants it to catch up.
 */
@Timeout(120)
class OrderWithoutGtidIT {
  private static final String[] OLD = {
    "INSERT INTO listing (id, city, title, updated_at) VALUES"
        + " (1, 'c', 'old', UTC_TIMESTAMP(6) - INTERVAL 20 SECOND),"
        + " (2, 'c', 'deleted later', UTC_TIMESTAMP(6) - INTERVAL 20 SECOND)"
  };

  private DatabaseServer first;
  private DatabaseServer second;
  private Listings listings;
  private ListingTable onFirst;
  private ListingTable onSecond;

  @BeforeEach
  void start() throws Exception {
    first = server(11);
    second = server(12);
    try (Connection root = second.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    try (Connection root = first.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    onFirst = new ListingTable(root(first));
    onSecond = new ListingTable(root(second));
    try (Connection one = root(first);
        Connection other = root(second)) {
      listings = Listings.create(one, "shop", 6);
      Listings.create(other, "shop", 6);
    }
    for (ListingTable table : new ListingTable[] {onFirst, onSecond}) {
      table.execute(
          "CREATE TABLE beat (id INT PRIMARY KEY, ts DATETIME(6))",
          "INSERT INTO beat VALUES (1, UTC_TIMESTAMP(6))",
          "GRANT SELECT ON shop.beat TO 'freshet'@'127.0.0.1'");
      table.execute(OLD);
    }
    listings.lag = new LagSource.Heartbeat("beat", "ts");
    listings.overlap = Duration.ofSeconds(60);
  }

  private static DatabaseServer server(int id) {
    String without =
        switch (TestFlavor.chosen()) {
          case MARIADB -> "skip-log-bin";
          case MYSQL -> "gtid_mode=OFF";
        };
    return TestFlavor.chosen()
        .start(ServerOptions.temporary(id).withConfiguration(without), new SystemTime());
  }

  private static Connection root(DatabaseServer server) throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  @AfterEach
  void end() throws Exception {
    onFirst.close();
    onSecond.close();
    first.close();
    second.close();
  }

  @Test
  void nothingGoesBackOnAServerThatIsBehindAndAllIsRightOnceItHasCaughtUp() throws Exception {
    Follower follower;
    try (MySqlSource source = listings.source(first)) {
      follower = new Follower(source);
      assertThat(follower.poll().to().gtid()).isEmpty();
      onFirst.update(1, "new");
      onFirst.delete(2);
      onFirst.insert(3, "inserted");
      onFirst.execute("UPDATE beat SET ts = UTC_TIMESTAMP(6)");
      assertThat(follower.poll().findings()).isEmpty();
      onFirst.assertEquals(follower);
    }
    try (MySqlSource source = listings.source(second)) {
      Follower failedOver = new Follower(source);
      failedOver.documents.putAll(follower.documents);
      failedOver.position = follower.position;

      ChangeBatch batch = failedOver.poll();
      onFirst.assertEquals(failedOver);
      assertThat(batch.readThrough()).isNull();
      assertThat(batch.whyNot()).contains("no GTID").contains("version order applies until");
      // Time has to pass: a build that polled on at once would do nothing else until then.
      assertThat(batch.reachedEnd()).isTrue();
      assertThat(batch.findings())
          .anySatisfy(
              finding -> {
                assertThat(finding.what()).contains("the server has changed");
                assertThat(finding.evidence()).contains("version order applies until");
              });

      onSecond.execute(
          "UPDATE listing SET title = 'new', updated_at = UTC_TIMESTAMP(6) WHERE id = 1");
      onSecond.insert(4, "only here");
      failedOver.poll();
      assertThat(failedOver.documents.keySet()).containsExactly(1L, 3L, 4L);

      onSecond.delete(2);
      // Row 3 never arrives: only comparing all keys can tell.
      passTheHorizon();
      for (int i = 0; i < 20; i++) {
        batch = failedOver.poll();
      }
      onSecond.assertEquals(failedOver);
      assertThat(batch.readThrough()).isNotNull();
      assertThat(batch.findings()).isEmpty();
    }
  }

  /** As if the time were over until which versions decide. */
  private void passTheHorizon() throws Exception {
    Remembered before = listings.memory.read();
    WithoutGtid known = requireNonNull(before.withoutGtid());
    Left left = requireNonNull(known.left());
    listings.memory.keep(
        before.with(
            new WithoutGtid(
                known.server(),
                known.largestLag(),
                new Left(left.from(), left.to(), left.at(), left.at() - 1),
                known.deleted())));
    onSecond.execute("UPDATE beat SET ts = UTC_TIMESTAMP(6)");
  }
}
