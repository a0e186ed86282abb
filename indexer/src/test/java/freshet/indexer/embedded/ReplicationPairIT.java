package freshet.indexer.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicationPairIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Time time = new SystemTime();
  private ReplicationPair pair;

  @BeforeEach
  void start() throws SQLException {
    pair = ReplicationPair.start(TestFlavor.chosen()::start, time);
    run(pair.source(), "CREATE DATABASE shop");
    run(pair.source(), "CREATE TABLE shop.item (id INT PRIMARY KEY)");
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void replicaShowsWhatWasCommittedBeforeTheWait() throws SQLException {
    for (int id = 1; id <= 200; id++) {
      run(pair.source(), "INSERT INTO shop.item VALUES (" + id + ")");
      if (id % 20 == 0) {
        pair.awaitCaughtUp(LONG);
        assertThat(rows()).isEqualTo(id);
      }
    }
    assertThat(position(pair.replica())).isEqualTo(position(pair.source()));
  }

  /** The replica writes what it applies into its own binary log, so that sets are comparable. */
  private String position(DatabaseServer server) throws SQLException {
    return text(server, ReplicationDialect.of(server).sourcePosition);
  }

  @Test
  void stoppedApplierIsReportedAndCatchesUp() throws SQLException {
    pair.awaitCaughtUp(LONG);
    pair.stopSqlThread();
    run(pair.source(), "INSERT INTO shop.item VALUES (1)");
    long start = time.nanoTime();
    assertThatExceptionOfType(EmbeddedDatabaseException.class)
        .isThrownBy(() -> pair.awaitCaughtUp(Duration.ofMillis(1300)))
        .withMessageContaining("applying: No");
    assertThat(Duration.ofNanos(time.nanoTime() - start))
        .isBetween(Duration.ofMillis(1200), Duration.ofMillis(3000));
    assertThat(rows()).isZero();
    pair.startSqlThread();
    pair.awaitCaughtUp(LONG);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void failedApplierIsReportedAtOnce() throws SQLException {
    pair.awaitCaughtUp(LONG);
    run(pair.replica(), "SET sql_log_bin=0", "INSERT INTO shop.item VALUES (1)");
    run(pair.source(), "INSERT INTO shop.item VALUES (1)");
    assertThatExceptionOfType(EmbeddedDatabaseException.class)
        .isThrownBy(() -> pair.awaitCaughtUp(LONG))
        .withMessageContaining("applying: No")
        .withMessageContaining("shop.item");
  }

  @Test
  void replicationGoesOnAfterEitherServerWasKilled() throws SQLException {
    pair.awaitCaughtUp(LONG); // killed in DDL, a MariaDB replica is broken
    run(pair.source(), "INSERT INTO shop.item VALUES (1)");
    pair.replica().kill();
    run(pair.source(), "INSERT INTO shop.item VALUES (2)");
    pair.replica().restart();
    pair.awaitCaughtUp(LONG);
    assertThat(rows()).isEqualTo(2);
    pair.source().kill();
    pair.source().restart();
    run(pair.source(), "INSERT INTO shop.item VALUES (3)");
    pair.awaitCaughtUp(LONG);
    assertThat(rows()).isEqualTo(3);
    pair.source().stop();
    pair.source().restart();
    run(pair.source(), "INSERT INTO shop.item VALUES (4)");
    pair.awaitCaughtUp(LONG);
    assertThat(rows()).isEqualTo(4);
  }

  @Test
  void nothingIsLostOrAppliedTwiceWhenTheReplicaIsKilledAtWork() throws SQLException {
    pair.awaitCaughtUp(LONG);
    int id = 0;
    for (int round = 0; round < 5; round++) {
      for (int row = 0; row < 300; row++) {
        run(pair.source(), "INSERT INTO shop.item VALUES (" + id++ + ")");
      }
      pair.replica().kill();
      pair.replica().restart();
    }
    pair.awaitCaughtUp(LONG);
    assertThat(rows()).isEqualTo(id);
  }

  @Test
  void replicationGoesOnAfterEitherServerWasPaused() throws Exception {
    Signals.send("STOP", pair.replica().process());
    run(pair.source(), "INSERT INTO shop.item VALUES (1)");
    time.sleep(Duration.ofMillis(500));
    Signals.send("CONT", pair.replica().process());
    pair.awaitCaughtUp(LONG);
    assertThat(rows()).isEqualTo(1);
    Signals.send("STOP", pair.source().process());
    time.sleep(Duration.ofMillis(500));
    Signals.send("CONT", pair.source().process());
    run(pair.source(), "INSERT INTO shop.item VALUES (2)");
    pair.awaitCaughtUp(LONG);
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void replicaRefusesWritesOfOrdinaryAccounts() throws SQLException {
    run(
        pair.source(),
        "CREATE USER 'writer'@'127.0.0.1' IDENTIFIED BY 'secret'",
        "GRANT SELECT, INSERT ON shop.* TO 'writer'@'127.0.0.1'");
    pair.awaitCaughtUp(LONG);
    try (Connection writer = pair.replica().connect("writer", "secret", "shop");
        Statement statement = writer.createStatement()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> statement.execute("INSERT INTO item VALUES (9)"))
          .matches(e -> e.getErrorCode() == 1290);
    }
  }

  @Test
  void replicationAccountMayOnlyReplicate() throws SQLException {
    assertThat(text(pair.source(), "SHOW GRANTS FOR 'freshet_replication'@'127.0.0.1'"))
        .startsWith("GRANT REPLICATION SLAVE ON *.*");
    assertThat(
            text(
                pair.replica(),
                "SELECT COUNT(*) FROM mysql.user WHERE User = 'freshet_replication'"))
        .isEqualTo("0");
  }

  private long rows() throws SQLException {
    return Long.parseLong(text(pair.replica(), "SELECT COUNT(*) FROM shop.item"));
  }

  private static String text(DatabaseServer server, String sql) throws SQLException {
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void run(DatabaseServer server, String... statements) throws SQLException {
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
