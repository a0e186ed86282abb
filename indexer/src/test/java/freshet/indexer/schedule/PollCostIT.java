package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.session.LagSource;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.Follower;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What polls cost the server, by its own counters; nobody else uses this server. */
class PollCostIT {
  private static final Time TIME = new SystemTime();
  private static final int OLD = 4_000;
  private static final int IN_WINDOW = 1_000;
  private static final int TOMBSTONES = 10;
  private static final int CITIES = 60;

  private static DatabaseServer server;
  private static Listings listings;
  private static Connection root;

  @TempDir Path folder;

  @BeforeAll
  static void startServer() throws Exception {
    server = TestFlavor.chosen().start(ServerOptions.temporary(1), TIME);
    try (Connection first = server.connectAsRoot()) {
      Listings.execute(first, "CREATE DATABASE shop");
    }
    root = server.connect(server.rootUser(), server.rootPassword(), "shop");
    listings = Listings.create(root, "shop", 6);
    Listings.execute(
        root,
        "CREATE TABLE heartbeat (ts DATETIME(6) NOT NULL)",
        "GRANT SELECT ON shop.heartbeat TO 'freshet'@'127.0.0.1'");
    StringBuilder rows = new StringBuilder();
    for (int id = 1; id <= OLD + IN_WINDOW; id++) {
      String age = id <= OLD ? "1 DAY" : (OLD + IN_WINDOW - id) / 5 + " SECOND";
      rows.append(id == 1 ? "" : ",")
          .append(
              "(%d, 'city %d', REPEAT('x', 500), UTC_TIMESTAMP(6) - INTERVAL %s)"
                  .formatted(id, id % CITIES, age));
    }
    Listings.execute(root, "INSERT INTO listing (id, city, title, updated_at) VALUES " + rows);
    for (int i = 1; i <= TOMBSTONES; i++) {
      Listings.execute(
          root, "INSERT INTO listing_deleted VALUES (%d, UTC_TIMESTAMP(6))".formatted(-i));
    }
    // Both servers choose the index by what they know of the table.
    Listings.execute(root, "ANALYZE TABLE listing", "ANALYZE TABLE listing_deleted");
    listings.lag = new LagSource.Heartbeat("heartbeat", "ts");
  }

  @AfterAll
  static void stopServer() throws SQLException {
    root.close();
    server.close();
  }

  @BeforeEach
  void beat() throws SQLException {
    Listings.execute(
        root, "DELETE FROM heartbeat", "INSERT INTO heartbeat VALUES (UTC_TIMESTAMP(6))");
  }

  private static long pairsInWindow() throws SQLException {
    try (Statement statement = root.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM listing WHERE updated_at >="
                    + " (SELECT MAX(updated_at) FROM listing) - INTERVAL 10 MINUTE")) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }

  private static Map<String, Long> counters() throws SQLException {
    Map<String, Long> counters = new TreeMap<>();
    try (Statement statement = root.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Handler_read%'"
                    + " OR Variable_name IN ('Questions', 'Connections')")) {
      while (rows.next()) {
        counters.put(rows.getString(1), rows.getLong(2));
      }
    }
    return counters;
  }

  private static Map<String, Long> minus(Map<String, Long> after, Map<String, Long> before) {
    Map<String, Long> difference = new TreeMap<>();
    after.forEach((name, value) -> difference.put(name, value - before.getOrDefault(name, 0L)));
    return difference;
  }

  @Test
  void anIdlePollIsFourQueriesAndTouchesThePairsOfTheWindowAndNothingElse() throws Exception {
    MySqlSource source = listings.source(server);
    try (source) {
      Follower follower = new Follower(source);
      follower.poll();
      follower.poll();

      long pairs = pairsInWindow();
      Map<String, Long> before = counters();
      Map<String, Long> looking = minus(counters(), before);
      Map<String, Long> start = counters();
      ChangeBatch idle = follower.poll();
      Map<String, Long> cost = minus(minus(counters(), start), looking);

      assertThat(idle.changes()).isEmpty();
      assertThat((long) idle.report().overlapPairs()).isEqualTo(pairs);
      assertThat(cost.get("Questions")).isEqualTo(idle.report().queries()).isLessThanOrEqualTo(4);
      assertThat(cost.get("Connections")).isZero();
      long touched =
          cost.entrySet().stream()
              .filter(counter -> counter.getKey().startsWith("Handler_read"))
              .mapToLong(Map.Entry::getValue)
              .sum();
      assertThat(touched).as("%s", cost).isBetween(pairs, pairs + TOMBSTONES + 20);
      assertThat(cost.get("Handler_read_rnd")).as("%s", cost).isZero();
    }
  }

  @Test
  void aCycleMakesAtMostTwoConnectsHoweverManyCitiesThereAre() throws Exception {
    MySqlSource source = listings.source(server);
    try (source;
        Master master =
            Master.start(
                folder,
                source,
                new FaultyDirectories(),
                TIME,
                Listings.SCHEMA,
                new BuildOptions(2, 8, 16, false, MergeOptions.DEFAULT))) {
      Map<String, Long> before = counters();
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
      assertThat(master.snapshot().cities()).hasSize(CITIES);
      assertThat(minus(counters(), before).get("Connections")).isLessThanOrEqualTo(2);

      Listings.execute(
          root, "UPDATE listing SET rooms = id, updated_at = UTC_TIMESTAMP(6) WHERE id <= 200");
      before = counters();
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
      assertThat(minus(counters(), before).get("Connections")).isZero();
    }
  }
}
