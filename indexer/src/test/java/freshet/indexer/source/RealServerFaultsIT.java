package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.embedded.Signals;
import freshet.indexer.session.InTime;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Failures in the middle of things that a real server can be made to produce, and that the next
 * poll is well again. Its own error codes are those of ConnectErrorsIT and QueryErrorsIT.
 */
@Timeout(90)
class RealServerFaultsIT {
  private static TroubledServer server;

  /** What a test does when the first row has come. */
  private interface Act {
    void run(Connection root, long id) throws Exception;
  }

  @BeforeAll
  static void startServer() throws Exception {
    server = TroubledServer.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() {
    server.begin();
  }

  /** What is to be put right, so that it can fail once more. */
  private interface Repair {
    void run() throws Exception;
  }

  /** Reads; when the first row is there, something happens to its connection. */
  private static void assertFailsInMidResult(Act act, Repair repair, Class<?>... expected)
      throws Exception {
    InTime.assertFails(
        TroubledServer.ROW_GAP,
        () -> {
          long[] from = new long[1];
          try {
            SourceException failure =
                failureInMidResult(
                    (root, id) -> {
                      act.run(root, id);
                      from[0] = TroubledServer.TIME.nanoTime();
                    });
            Duration took = TroubledServer.TIME.since(from[0]);
            assertThat(failure).isInstanceOfAny(expected);
            return took;
          } finally {
            repair.run();
            server.assertWellAgain();
          }
        });
  }

  private static SourceException failureInMidResult(Act act) throws SQLException {
    PollSession session = server.reading().poll(SourcePosition.START);
    try (Connection root = server.root()) {
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
                        TroubledServer.LONG,
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

  @Test
  void pausedInTheGreeting() throws Exception {
    Signals.send("STOP", server.server.process());
    try {
      assertThat(server.failureOf(TroubledServer.QUICK, TroubledServer.HANDSHAKE))
          .isInstanceOf(SourceException.HandshakeTimedOut.class);
    } finally {
      Signals.send("CONT", server.server.process());
    }
    server.assertWellAgain();
  }

  /** The server stops when it has yet to read this request; the empty one is the login. */
  @ParameterizedTest
  @ValueSource(strings = {"", "/* mysql-connector-j", "SET time_zone", "SHOW GLOBAL", "read_only"})
  void pausedAtAnyMomentOfAHandshake(String request) throws Exception {
    InTime.assertFails(
        TroubledServer.HANDSHAKE.multipliedBy(2), () -> failPausedBeforeReading(request));
  }

  private static Duration failPausedBeforeReading(String request) throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(server.server.port());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      server.reachBy(proxy.endpoint());
      proxy.spoil(Fault.STALL, new Point(Sender.CLIENT, request, 0), 1);
      Future<Duration> took =
          executor.submit(
              () ->
                  InTime.tookOf(
                      () ->
                          assertThat(server.failureOf(TroubledServer.QUICK))
                              .isInstanceOfAny(
                                  SourceException.HandshakeTimedOut.class,
                                  SourceException.Stalled.class)));
      proxy.awaitFault();
      Signals.send("STOP", server.server.process());
      try {
        proxy.heal();
        return took.get();
      } finally {
        Signals.send("CONT", server.server.process());
        server.assertWellAgain();
      }
    }
  }

  /** The connection that was kept fails, then a new one. */
  @Test
  void pausedWhileIdle() throws Exception {
    InTime.assertFails(
        TroubledServer.HANDSHAKE.multipliedBy(2),
        () -> {
          server.assertWellAgain();
          Signals.send("STOP", server.server.process());
          try {
            return InTime.tookOf(
                () ->
                    assertThat(server.failureOf(TroubledServer.QUICK))
                        .isInstanceOf(SourceException.HandshakeTimedOut.class));
          } finally {
            Signals.send("CONT", server.server.process());
            server.assertWellAgain();
          }
        });
  }

  @Test
  void pausedInMidResult() throws Exception {
    assertFailsInMidResult(
        (root, id) -> Signals.send("STOP", server.server.process()),
        () -> Signals.send("CONT", server.server.process()),
        SourceException.Stalled.class);
  }

  @Test
  void killedInMidResult() throws Exception {
    assertFailsInMidResult(
        (root, id) -> Listings.execute(root, "KILL " + id),
        () -> {},
        SourceException.LostDuringQuery.class);
  }

  @Test
  void queryKilledInMidResult() throws Exception {
    assertFailsInMidResult(
        (root, id) -> Listings.execute(root, "KILL QUERY " + id),
        () -> {},
        SourceException.LostDuringQuery.class);
  }

  @Test
  void shutDownInMidResult() throws Exception {
    assertFailsInMidResult(
        (root, id) -> Signals.send("TERM", server.server.process()),
        server.server::restart,
        SourceException.LostDuringQuery.class,
        SourceException.ShuttingDown.class);
  }

  @Test
  void serverKilledInMidResult() throws Exception {
    assertFailsInMidResult(
        (root, id) -> server.server.kill(),
        () -> {
          assertThat(server.failureOf(TroubledServer.QUICK, TroubledServer.AT_ONCE))
              .isInstanceOf(SourceException.Unreachable.class);
          server.server.restart();
        },
        SourceException.LostDuringQuery.class);
  }

  @Test
  void boundedByTheServersOwnTimeOfAStatement() throws Exception {
    boolean isMySql = server.isMySql();
    server.asRoot(
        isMySql ? "SET GLOBAL max_execution_time=200" : "SET GLOBAL max_statement_time=0.2");
    try {
      assertThat(server.failureOf(TroubledServer.SLOW, TroubledServer.FIRST_ROW))
          .isInstanceOf(SourceException.Stalled.class)
          .hasMessageContaining(isMySql ? "code 3024" : "code 1969");
    } finally {
      server.asRoot(
          isMySql ? "SET GLOBAL max_execution_time=0" : "SET GLOBAL max_statement_time=0");
    }
    server.endSession();
    server.assertWellAgain();
  }

  @Test
  void noRowWithinItsDeadline() throws Exception {
    assertThat(server.failureOf(TroubledServer.SLOW, TroubledServer.FIRST_ROW))
        .isInstanceOf(SourceException.Stalled.class);
    server.assertWellAgain();
  }

  @Test
  void tableLockedByAChangeOfItsDefinition() throws Exception {
    try (Connection root = server.root()) {
      Listings.execute(root, "LOCK TABLES digits WRITE");
      assertThat(server.failureOf(TroubledServer.QUICK, TroubledServer.FIRST_ROW))
          .isInstanceOf(SourceException.Stalled.class);
    }
    server.assertWellAgain();
  }

  @Test
  void tooManyConnections() throws Exception {
    List<Connection> others = new ArrayList<>();
    try (Connection root = server.root()) {
      server.awaitAlone(root);
      Listings.execute(root, "SET GLOBAL max_connections=10");
      for (int i = 0; i < 10; i++) {
        others.add(server.root());
      }
      assertThat(server.failureOf(TroubledServer.QUICK, TroubledServer.AT_ONCE))
          .isInstanceOf(SourceException.TooManyConnections.class)
          .hasMessageContaining("oo many connections");
    } finally {
      for (Connection other : others) {
        other.close();
      }
      server.asRoot("SET GLOBAL max_connections=151");
    }
    server.assertWellAgain();
  }

  @Test
  void wrongPassword() throws Exception {
    server.listings.password = "wrong";
    assertThat(server.failureOf(TroubledServer.QUICK, TroubledServer.AT_ONCE))
        .isInstanceOf(SourceException.AccessDenied.class);
    server.listings.password = Listings.PASSWORD;
    server.assertWellAgain();
  }

  @Test
  void noPrivilegeOnTheTable() throws Exception {
    server.asRoot("REVOKE SELECT ON shop.digits FROM 'freshet'@'127.0.0.1'");
    try {
      assertThat(server.failureOf(TroubledServer.QUICK, TroubledServer.AT_ONCE))
          .isInstanceOf(SourceException.AccessDenied.class);
    } finally {
      server.asRoot("GRANT SELECT ON shop.digits TO 'freshet'@'127.0.0.1'");
    }
    server.assertWellAgain();
  }

  @Test
  void tableThatIsGone() throws Exception {
    server.asRoot("RENAME TABLE digits TO away");
    try {
      // MySQL and MariaDB tell an account without privileges on it nothing about a missing table.
      assertThat(server.failureOf(TroubledServer.QUICK, TroubledServer.AT_ONCE))
          .isInstanceOfAny(SourceException.SchemaError.class, SourceException.AccessDenied.class);
    } finally {
      server.asRoot("RENAME TABLE away TO digits");
    }
    server.assertWellAgain();
  }

  @Test
  void readOnlyServerIsPolledLikeAnother() throws Exception {
    server.asRoot("SET GLOBAL read_only=ON");
    try {
      server.assertWellAgain();
    } finally {
      server.asRoot("SET GLOBAL read_only=OFF");
    }
  }
}
