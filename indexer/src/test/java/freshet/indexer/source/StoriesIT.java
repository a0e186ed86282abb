package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.Signals;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SessionOptions;
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
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What pipelines of this kind were reported to suffer from, each from its beginning to its end. A
 * query that is lost to a signal is the story of MasterSystemIT, which needs a process.
 */
@Timeout(90)
class StoriesIT {
  private static final Time TIME = new SystemTime();

  private static DatabaseServer server;
  private static Listings listings;

  private FaultyProxy proxy;
  private MySqlSource source;
  private Follower follower;

  @BeforeAll
  static void startServer() throws Exception {
    server =
        TestFlavor.chosen()
            .start(
                ServerOptions.temporary(1)
                    .withConfiguration("connect_timeout=2", "max_allowed_packet=1M"),
                TIME);
    try (Connection root = server.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    try (Connection root = root()) {
      listings = Listings.create(root, "shop", 6);
      Listings.execute(
          root,
          "INSERT INTO listing (id, city, title, updated_at) VALUES (1, 'c', 'one', UTC_TIMESTAMP(6))");
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    listings.timeouts =
        new Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(8),
            Duration.ofSeconds(8),
            Duration.ofSeconds(8),
            Duration.ofSeconds(60));
    listings.retry = new RetryOptions(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);
    proxy = new FaultyProxy(server.port());
    follow();
  }

  private void follow() {
    source = listings.source(proxy.endpoint());
    follower = new Follower(source);
  }

  @AfterEach
  void end() throws Exception {
    source.close();
    proxy.close();
  }

  private static Connection root() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  /** The server waits for connect_timeout, then gives up a client whose packet does not arrive. */
  @Test
  void lostConnectionAtReadingAuthorizationPacket() throws Exception {
    proxy.spoil(Fault.STALL, new Point(Sender.CLIENT, null, 0), 1);
    long start = TIME.nanoTime();
    assertThat(catchThrowableOfType(SourceException.class, follower::poll))
        .isInstanceOf(SourceException.HandshakeLost.class)
        .hasMessageContaining("authenticating");
    // By the server's deadline, not by ours.
    assertThat(TIME.since(start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(7));
    assertThat(follower.poll().reachedEnd()).isTrue();
    assertThat(follower.titles()).containsExactly("one");
  }

  /** TCP connects, for the kernel does that; then the client waits for a server that is stopped. */
  @Test
  void clientThatWaitsForEverForAGreeting() throws Exception {
    listings.timeouts =
        new Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(8),
            Duration.ofSeconds(8),
            Duration.ofSeconds(60));
    source.close();
    follow();
    Signals.send("STOP", server.process());
    try {
      long start = TIME.nanoTime();
      assertThat(catchThrowableOfType(SourceException.class, follower::poll))
          .isInstanceOf(SourceException.HandshakeTimedOut.class)
          .hasMessageContaining("waiting for the server's greeting");
      assertThat(TIME.since(start)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
    } finally {
      Signals.send("CONT", server.process());
    }
    assertThat(follower.poll().reachedEnd()).isTrue();
  }

  /** 16 KB of the request pass, the rest never does. */
  @Test
  void largeRequestThatIsCutInTheMiddle() throws Exception {
    List<Object> keys =
        LongStream.range(0, 500).<Object>mapToObj(i -> "%064d".formatted(i)).toList();
    Query large =
        new Query(
            "SELECT id FROM listing WHERE tags IN (%s)"
                .formatted(String.join(",", Collections.nCopies(keys.size(), "?"))),
            keys);
    listings.retry =
        new RetryOptions(3, Duration.ofMillis(1), Duration.ofMillis(9), Duration.ofSeconds(1));
    SessionOptions options = listings.options(List.of(proxy.endpoint())).session();
    try (Sessions sessions =
        new Sessions(
            options,
            new ConnectGate(options),
            TIME,
            new Random(1),
            new StopSignal(),
            SessionListener.NONE)) {
      for (Fault fault : List.of(Fault.CUT, Fault.RESET, Fault.STALL)) {
        proxy.spoil(fault, new Point(Sender.CLIENT, "WHERE tags IN", 16_384), 1);
        sessions.abort();
        PollSession session = sessions.poll(SourcePosition.START);
        assertThat(session.<Integer>run("looking up", on -> count(on, large))).isZero();
        assertThat(session.retries()).as(fault.name()).isEqualTo(1);
      }
    }
  }

  private static int count(freshet.indexer.session.Session on, Query query) throws SQLException {
    int[] rows = new int[1];
    on.read(query, row -> rows[0]++ >= 0);
    return rows[0];
  }

  /** Two columns that came in one by one, and do not go out together. */
  @Test
  void rowThatIsLargerThanThePacket() throws Exception {
    try (Connection root = root()) {
      Listings.execute(
          root,
          "ALTER TABLE listing ADD COLUMN more MEDIUMTEXT",
          "INSERT INTO listing (id, city, title, updated_at) VALUES (2, 'c', REPEAT('y', 700000), UTC_TIMESTAMP(6))",
          "UPDATE listing SET more = REPEAT('z', 700000) WHERE id = 2",
          "INSERT INTO listing (id, city, title, updated_at) VALUES (3, 'c', 'three', UTC_TIMESTAMP(6))");
    }
    try (MySqlSource wide = listings.sourceOfTexts("more", proxy.endpoint())) {
      Follower all = new Follower(wide);
      while (!all.poll().reachedEnd()) {
        // A poll may end early; each one comes further.
        assertThat(all.documents).isNotEmpty();
      }
      assertThat(all.documents).containsKeys(1L, 3L);
    } finally {
      try (Connection root = root()) {
        Listings.execute(
            root, "DELETE FROM listing WHERE id > 1", "ALTER TABLE listing DROP COLUMN more");
      }
    }
  }
}
