package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.Signals;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Timeouts;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failures that a real server can be made to produce, and that the next poll is well again. */
@Timeout(90)
class RealServerFaultsIT {
  private static final Time TIME = new SystemTime();

  /** What a loaded machine of two cores may add to a deadline, beside a tenth of it. */
  private static final Duration SLACK = Duration.ofSeconds(3);

  private static final Duration HANDSHAKE = Duration.ofMillis(1_000);
  private static final Duration FIRST_ROW = Duration.ofMillis(1_500);
  private static final Duration ROW_GAP = Duration.ofMillis(700);

  /** Far more than all buffers on the way hold. */
  private static final Query LONG =
      Query.of(
          "SELECT REPEAT('x', 1000) FROM digits a, digits b, digits c, digits d, digits e, digits f");

  /** Works for a long time before its first row. */
  private static final Query SLOW =
      Query.of(
          "SELECT COUNT(DISTINCT SHA2(CONCAT(a.n, b.n, c.n, d.n, e.n, f.n, g.n), 512))"
              + " FROM digits a, digits b, digits c, digits d, digits e, digits f, digits g");

  private static final Query QUICK = Query.of("SELECT n FROM digits");

  private static DatabaseServer server;
  private static Listings listings;

  private Sessions sessions;

  /** What a test does when the first row has come. */
  private interface Act {
    void run(Connection root, long id) throws Exception;
  }

  @BeforeAll
  static void startServer() throws Exception {
    server = TestFlavor.chosen().start(ServerOptions.temporary(1), TIME);
    try (Connection root = server.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    try (Connection root = root()) {
      listings = Listings.create(root, "shop", 6);
      Listings.execute(
          root,
          "CREATE TABLE digits (n INT PRIMARY KEY)",
          "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
          "GRANT SELECT ON shop.digits TO 'freshet'@'127.0.0.1'");
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() {
    listings.retry = new RetryOptions(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);
    listings.timeouts =
        new Timeouts(Duration.ofMillis(500), HANDSHAKE, FIRST_ROW, ROW_GAP, Duration.ofSeconds(30));
    listings.password = Listings.PASSWORD;
    sessions = sessions(listings.options(List.of(Listings.endpoint(server))));
  }

  private static Sessions sessions(SourceOptions options) {
    return new Sessions(
        options.session(),
        new ConnectGate(options.session()),
        TIME,
        new Random(1),
        new StopSignal(),
        SessionListener.NONE);
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  private static Connection root() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  private static void asRoot(String... statements) throws SQLException {
    try (Connection root = root()) {
      Listings.execute(root, statements);
    }
  }

  private int read(Query query) throws SourceException {
    PollSession session = sessions.poll(SourcePosition.START);
    int[] rows = new int[1];
    return session.run(
        "reading",
        on -> {
          on.read(query, row -> rows[0]++ >= 0);
          return rows[0];
        });
  }

  private SourceException failureOf(Query query, Duration deadline) {
    long start = TIME.nanoTime();
    SourceException failure = catchThrowableOfType(SourceException.class, () -> read(query));
    assertThat(TIME.since(start)).isLessThan(deadline.multipliedBy(11).dividedBy(10).plus(SLACK));
    return failure;
  }

  /** Reads; when the first row is there, something happens to its connection. */
  private SourceException failureInMidResult(Act act) throws SQLException {
    PollSession session = sessions.poll(SourcePosition.START);
    try (Connection root = root()) {
      long[] id = new long[1];
      boolean[] isDone = new boolean[1];
      return catchThrowableOfType(
          SourceException.class,
          () ->
              session.run(
                  "reading",
                  on -> {
                    on.read(
                        Query.of("SELECT CONNECTION_ID()"),
                        row -> {
                          id[0] = row.getLong(1);
                          return true;
                        });
                    on.read(
                        LONG,
                        row -> {
                          if (!isDone[0]) {
                            isDone[0] = true;
                            quietly(() -> act.run(root, id[0]));
                          }
                          return true;
                        });
                    return 0;
                  }));
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  private static void quietly(Body body) {
    try {
      body.run();
    } catch (Exception e) {
      throw new AssertionError("what the test does in between failed", e);
    }
  }

  private void assertWellAgain() throws SourceException {
    assertThat(read(QUICK)).isEqualTo(10);
  }

  @Test
  void pausedInTheGreeting() throws Exception {
    Signals.send("STOP", server.process());
    try {
      assertThat(failureOf(QUICK, HANDSHAKE)).isInstanceOf(SourceException.HandshakeTimedOut.class);
    } finally {
      Signals.send("CONT", server.process());
    }
    assertWellAgain();
  }

  @Test
  void pausedWhileIdle() throws Exception {
    assertWellAgain();
    Signals.send("STOP", server.process());
    try {
      // The connection that was kept, then a new one.
      assertThat(failureOf(QUICK, HANDSHAKE.multipliedBy(2)))
          .isInstanceOf(SourceException.HandshakeTimedOut.class);
    } finally {
      Signals.send("CONT", server.process());
    }
    assertWellAgain();
  }

  @Test
  void pausedInMidResult() throws Exception {
    try {
      assertThat(failureInMidResult((root, id) -> Signals.send("STOP", server.process())))
          .isInstanceOf(SourceException.Stalled.class);
    } finally {
      Signals.send("CONT", server.process());
    }
    assertWellAgain();
  }

  @Test
  void killedInMidResult() throws Exception {
    assertThat(failureInMidResult((root, id) -> Listings.execute(root, "KILL " + id)))
        .isInstanceOf(SourceException.LostDuringQuery.class);
    assertWellAgain();
  }

  @Test
  void queryKilledInMidResult() throws Exception {
    assertThat(failureInMidResult((root, id) -> Listings.execute(root, "KILL QUERY " + id)))
        .isInstanceOf(SourceException.LostDuringQuery.class);
    assertWellAgain();
  }

  @Test
  void shutDownInMidResult() throws Exception {
    assertThat(failureInMidResult((root, id) -> Signals.send("TERM", server.process())))
        .isInstanceOfAny(SourceException.LostDuringQuery.class, SourceException.ShuttingDown.class);
    server.restart();
    assertWellAgain();
  }

  @Test
  void serverKilledInMidResult() throws Exception {
    assertThat(failureInMidResult((root, id) -> server.kill()))
        .isInstanceOf(SourceException.LostDuringQuery.class);
    assertThat(failureOf(QUICK, Duration.ZERO)).isInstanceOf(SourceException.Unreachable.class);
    server.restart();
    assertWellAgain();
  }

  @Test
  void boundedByTheServersOwnTimeOfAStatement() throws Exception {
    boolean isMySql = server.flavor().equals("mysql");
    asRoot(isMySql ? "SET GLOBAL max_execution_time=200" : "SET GLOBAL max_statement_time=0.2");
    try {
      assertThat(failureOf(SLOW, FIRST_ROW))
          .isInstanceOf(SourceException.Stalled.class)
          .hasMessageContaining(isMySql ? "code 3024" : "code 1969");
    } finally {
      asRoot(isMySql ? "SET GLOBAL max_execution_time=0" : "SET GLOBAL max_statement_time=0");
    }
    sessions.close();
    assertWellAgain();
  }

  @Test
  void noRowWithinItsDeadline() throws Exception {
    assertThat(failureOf(SLOW, FIRST_ROW)).isInstanceOf(SourceException.Stalled.class);
    assertWellAgain();
  }

  @Test
  void tableLockedByAChangeOfItsDefinition() throws Exception {
    try (Connection root = root()) {
      Listings.execute(root, "LOCK TABLES digits WRITE");
      assertThat(failureOf(QUICK, FIRST_ROW)).isInstanceOf(SourceException.Stalled.class);
    }
    assertWellAgain();
  }

  @Test
  void tooManyConnections() throws Exception {
    List<Connection> others = new ArrayList<>();
    try (Connection root = root()) {
      Listings.execute(root, "SET GLOBAL max_connections=10");
      for (int i = 0; i < 10; i++) {
        others.add(root());
      }
      assertThat(failureOf(QUICK, Duration.ZERO))
          .isInstanceOf(SourceException.TooManyConnections.class)
          .hasMessageContaining("oo many connections");
    } finally {
      for (Connection other : others) {
        other.close();
      }
      asRoot("SET GLOBAL max_connections=151");
    }
    assertWellAgain();
  }

  @Test
  void limitOfTheAccount() throws Exception {
    asRoot("ALTER USER 'freshet'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 1");
    try (Connection held = server.connect("freshet", Listings.PASSWORD, "shop")) {
      assertThat(held.isValid(1)).isTrue();
      assertThat(failureOf(QUICK, Duration.ZERO))
          .isInstanceOf(SourceException.TooManyConnections.class);
    } finally {
      asRoot("ALTER USER 'freshet'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0");
    }
    assertWellAgain();
  }

  @Test
  void wrongPassword() throws Exception {
    listings.password = "wrong";
    assertThat(failureOf(QUICK, Duration.ZERO)).isInstanceOf(SourceException.AccessDenied.class);
    listings.password = Listings.PASSWORD;
    assertWellAgain();
  }

  @Test
  void noPrivilegeOnTheTable() throws Exception {
    asRoot("REVOKE SELECT ON shop.digits FROM 'freshet'@'127.0.0.1'");
    try {
      assertThat(failureOf(QUICK, Duration.ZERO)).isInstanceOf(SourceException.AccessDenied.class);
    } finally {
      asRoot("GRANT SELECT ON shop.digits TO 'freshet'@'127.0.0.1'");
    }
    assertWellAgain();
  }

  @Test
  void tableThatIsGone() throws Exception {
    asRoot("RENAME TABLE digits TO away");
    try {
      // MySQL and MariaDB tell an account without privileges on it nothing about a missing table.
      assertThat(failureOf(QUICK, Duration.ZERO))
          .isInstanceOfAny(SourceException.SchemaError.class, SourceException.AccessDenied.class);
    } finally {
      asRoot("RENAME TABLE away TO digits");
    }
    assertWellAgain();
  }

  @Test
  void readOnlyServerIsPolledLikeAnother() throws Exception {
    asRoot("SET GLOBAL read_only=ON");
    try {
      assertWellAgain();
    } finally {
      asRoot("SET GLOBAL read_only=OFF");
    }
  }
}
