package freshet.indexer.source;

import static freshet.indexer.source.TroubledServer.AT_ONCE;
import static freshet.indexer.source.TroubledServer.LONG_DEADLINE;
import static freshet.indexer.source.TroubledServer.SLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The error codes with which a server ends a query, each brought about on a real server: its class,
 * in time, and the next poll is well. Codes that only a network between brings about (1158 to
 * 1161), and those of a snapshot that outlives a statement (1412, we hold none) or of a server that
 * was started read-only as a whole (1836), come from FaultTableIT's stub.
 */
@Timeout(120)
class QueryErrorsIT {
  private static TroubledServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = TroubledServer.start();
    server.asRoot(
        """
        CREATE FUNCTION shop.write_digit() RETURNS INT DETERMINISTIC SQL SECURITY INVOKER
        BEGIN INSERT INTO shop.digits VALUES (99); RETURN 1; END""",
        """
        CREATE FUNCTION shop.end_itself() RETURNS INT DETERMINISTIC
        BEGIN KILL CONNECTION CONNECTION_ID(); RETURN 1; END""",
        "GRANT EXECUTE ON FUNCTION shop.write_digit TO 'freshet'@'127.0.0.1'",
        "GRANT EXECUTE ON FUNCTION shop.end_itself TO 'freshet'@'127.0.0.1'");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() {
    server.begin();
  }

  /** The first value of the first row, once there is one. */
  private static long await(Connection root, String sql) throws SQLException {
    while (true) {
      try (Statement statement = root.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        if (row.next()) {
          return row.getLong(1);
        }
      }
      // The server renews what it shows of transactions only for readers that come seldom.
      Listings.execute(root, "DO SLEEP(0.2)");
    }
  }

  @Test
  void columnThatIsGoneAndSqlThatIsNone() throws Exception {
    server.assertFails(
        Query.of("SELECT nothing FROM digits"), AT_ONCE, SourceException.SchemaError.class, 1054);
    server.assertFails(Query.of("SELECT FROM"), AT_ONCE, SourceException.SchemaError.class, 1064);
    server.assertWellAgain();
  }

  /**
   * A function of the user's, in searchable_if or table.query, may do what no poll does. Sessions
   * of ours are read-only by themselves, of which MariaDB speaks before it speaks of its own
   * option.
   */
  @Test
  void statementThatWrites() throws Exception {
    Query writing = Query.of("SELECT shop.write_digit()");
    server.asRoot("SET GLOBAL read_only=ON");
    try (Connection plain = server.server.connect("freshet", Listings.PASSWORD, "shop")) {
      SQLException refused =
          catchThrowableOfType(
              SQLException.class, () -> Listings.execute(plain, "SELECT shop.write_digit()"));
      assertThat(refused.getErrorCode()).isEqualTo(1290);
      assertThat(FailureClassifier.ofQuery("writing", refused))
          .isInstanceOf(SourceException.RoleSwapped.class);
      server.assertFails(writing, AT_ONCE, SourceException.RoleSwapped.class, 1290, 1792);
      server.assertWellAgain();
    } finally {
      server.asRoot("SET GLOBAL read_only=OFF");
    }
    server.assertFails(writing, AT_ONCE, SourceException.RoleSwapped.class, 1792);
    server.assertWellAgain();
  }

  /** We hold one row and wait for another, whose holder then wants the first. */
  @Test
  void deadlock() throws Exception {
    server.bePatient();
    try (Connection root = server.root();
        Connection watching = server.root();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      root.setAutoCommit(false);
      // Whoever has changed more is not the victim.
      Listings.execute(root, "DELETE FROM digits WHERE n > 4");
      Future<?> poll =
          executor.submit(
              () -> {
                server.assertFails(
                    Query.of("SELECT n FROM digits WHERE n IN (1, 9) LOCK IN SHARE MODE"),
                    LONG_DEADLINE,
                    SourceException.LostDuringQuery.class,
                    1213);
                return null;
              });
      await(
          watching,
          "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' LIMIT 1");
      Listings.execute(root, "SELECT n FROM digits WHERE n = 1 FOR UPDATE");
      poll.get();
      root.rollback();
    }
    server.assertWellAgain();
  }

  @Test
  void lockThatIsWaitedForTooLong() throws Exception {
    server.bePatient();
    server.asRoot("SET GLOBAL innodb_lock_wait_timeout=1");
    try (Connection root = server.root()) {
      root.setAutoCommit(false);
      Listings.execute(root, "SELECT n FROM digits WHERE n = 1 FOR UPDATE");
      server.assertFails(
          Query.of("SELECT n FROM digits LOCK IN SHARE MODE"),
          // The server looks once a second.
          Duration.ofSeconds(2),
          SourceException.LostDuringQuery.class,
          1205);
      root.rollback();
    } finally {
      server.asRoot("SET GLOBAL innodb_lock_wait_timeout=50");
    }
    server.assertWellAgain();
  }

  /** A connection that another one kills hears nothing any more: its socket is closed. */
  @Test
  void connectionKilledWhileItsQueryRuns() throws Exception {
    assertFailsWhenKilled("KILL CONNECTION", 0);
  }

  /** The one that kills itself is told so: MariaDB has a code of its own for it. */
  @Test
  void connectionThatIsToldThatItWasKilled() throws Exception {
    server.assertFails(
        Query.of("SELECT shop.end_itself()"),
        AT_ONCE,
        SourceException.LostDuringQuery.class,
        server.isMySql() ? 1317 : 1927);
    server.assertWellAgain();
  }

  @Test
  void queryKilledBeforeItsFirstRow() throws Exception {
    assertFailsWhenKilled("KILL QUERY", 1317);
  }

  private static void assertFailsWhenKilled(String kill, int code) throws Exception {
    server.bePatient();
    // Told from one that was killed before, and is not gone yet.
    Query slow = Query.of("%s /* %s */".formatted(SLOW.sql(), kill));
    try (Connection root = server.root();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> poll =
          executor.submit(
              () -> {
                server.assertFails(
                    slow, LONG_DEADLINE, SourceException.LostDuringQuery.class, code);
                return null;
              });
      long id =
          await(
              root,
              "SELECT id FROM information_schema.processlist"
                  + " WHERE user = 'freshet' AND info LIKE '%/* "
                  + kill
                  + " */'");
      Listings.execute(root, kill + " " + id);
      poll.get();
    }
    server.assertWellAgain();
  }
}
