package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ReplicationPair;
import freshet.indexer.embedded.TestFlavor;
import freshet.replicator.runtime.SystemTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A replica takes its source's place for good: writes move to it, and the old source stays back.
 */
@Timeout(90)
class PromotionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void writesMoveToThePromotedReplicaAndTheOldSourceIsNotGoneBackTo() throws Exception {
    try (ReplicationPair pair =
        ReplicationPair.start(TestFlavor.chosen()::start, new SystemTime())) {
      try (Connection root = pair.source().connectAsRoot()) {
        Listings.execute(root, "CREATE DATABASE shop");
      }
      Listings listings;
      try (Connection writer = root(pair.source())) {
        listings = Listings.create(writer, "shop", 6);
        Listings.execute(writer, insert(1), insert(2));
      }
      pair.awaitCaughtUp(PATIENCE);
      Endpoint promoted = Listings.endpoint(pair.replica());
      Endpoint old = Listings.endpoint(pair.source());
      Follower follower;
      try (MySqlSource source = listings.source(promoted, old)) {
        follower = new Follower(source);
        follower.poll();
        promote(pair.replica());
        try (Connection writer = root(pair.replica())) {
          Listings.execute(
              writer,
              insert(3),
              "DELETE FROM listing WHERE id = 1",
              "INSERT INTO listing_deleted VALUES (1, UTC_TIMESTAMP(6))");
        }
        assertThat(follower.poll().report().endpoint()).isEqualTo(promoted.toString());
        assertThat(follower.documents).containsOnlyKeys(2L, 3L);
      }
      // The old one answers, and comes first, and lacks what was written since.
      try (MySqlSource source = listings.source(old, promoted)) {
        ChangeBatch batch = source.poll(follower.position, follower.window, follower.stored);
        assertThat(batch.report().endpoint()).isEqualTo(promoted.toString());
        assertThat(batch.changes()).isEmpty();
      }
    }
  }

  private static void promote(DatabaseServer replica) throws SQLException {
    try (Connection root = replica.connectAsRoot()) {
      Listings.execute(root, "STOP REPLICA", "RESET REPLICA ALL", "SET GLOBAL read_only = OFF");
    }
  }

  private static String insert(int id) {
    return "INSERT INTO listing (id, city, updated_at) VALUES (%d, 'c', UTC_TIMESTAMP(6))"
        .formatted(id);
  }

  private static Connection root(DatabaseServer server) throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }
}
