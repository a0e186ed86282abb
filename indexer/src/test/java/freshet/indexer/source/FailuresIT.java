package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.Signals;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Timeouts;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures of server and network in the middle of polls, on a server of its own. */
@Timeout(60)
class FailuresIT {
  private static final int ROWS = 3_000;
  private static final Time TIME = new SystemTime();

  private static DatabaseServer server;
  private static Listings listings;

  private MySqlSource source;
  private FaultyProxy proxy;

  @BeforeAll
  static void startServer() throws Exception {
    server =
        TestFlavor.chosen()
            .start(ServerOptions.temporary(1).withConfiguration("max_allowed_packet=1M"), TIME);
    try (Connection root = server.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    try (Connection root = root()) {
      listings = Listings.create(root, "shop", 6);
      StringBuilder rows = new StringBuilder();
      for (int i = 0; i < ROWS; i++) {
        rows.append(i == 0 ? "" : ",")
            .append(
                "(%d,'c',REPEAT('x', 500), UTC_TIMESTAMP(6) - INTERVAL %d MINUTE)"
                    .formatted(i, ROWS - i));
      }
      Listings.execute(root, "INSERT INTO listing (id, city, title, updated_at) VALUES " + rows);
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
            Duration.ofMillis(500),
            Duration.ofMillis(1_000),
            Duration.ofMillis(1_000),
            Duration.ofMillis(500),
            Duration.ofMillis(6_000));
    listings.limits = Limits.DEFAULT;
    listings.password = Listings.PASSWORD;
    listings.stop = new StopSignal();
    proxy = new FaultyProxy(server.port());
    source = listings.source(proxy.endpoint());
  }

  @AfterEach
  void end() throws Exception {
    source.close();
    proxy.close();
  }

  private static Connection root() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"STALL", "CUT", "RESET"})
  void connectionLostInMidStreamGoesOnAtTheLastRow(Fault fault) throws Exception {
    proxy.spoil(fault, 400_000, 1);
    Follower follower = new Follower(source);
    ChangeBatch batch = follower.poll();
    assertThat(batch.report().retries()).isEqualTo(1);
    assertThat(batch.report().connects()).isEqualTo(2);
    // The page is read to its end, not a row twice, and the rest is left to the next poll.
    assertThat(batch.changes()).hasSize(listings.limits.pageRows());
    assertThat(batch.report().changesRead()).isEqualTo(listings.limits.pageRows());
    assertThat(batch.reachedEnd()).isFalse();
    assertThat(batch.whyNot()).contains("connection was lost");

    ChangeBatch rest = follower.poll();
    assertThat(follower.documents).hasSize(ROWS);
    assertThat(rest.report().connects()).isZero();
    assertThat(follower.poll().changes()).isEmpty();
  }

  @Test
  void trickleInMidResultIsStalledByTheRowGapWhateverBytesCome() throws Exception {
    proxy.spoil(Fault.TRICKLE, 400_000, 100);
    long start = TIME.nanoTime();
    SourceException failure =
        catchThrowableOfType(
            SourceException.class,
            () -> source.poll(SourcePosition.START, OverlapWindow.UNSEEN, StoredDocuments.NONE));
    assertThat(failure).isInstanceOf(SourceException.Stalled.class);
    // Twice the gap between rows, and far from the six seconds of the whole poll.
    assertThat(TIME.since(start)).isLessThan(Duration.ofSeconds(4));
    proxy.spoil(Fault.NONE, 0, 0);
    Follower follower = new Follower(source);
    follower.poll();
    assertThat(follower.documents).hasSize(ROWS);
  }

  @Test
  void pausedServerFailsThePollInTimeAndTheNextOneRecovers() throws Exception {
    Follower follower = new Follower(source);
    follower.poll();
    Signals.send("STOP", server.process());
    try {
      long start = TIME.nanoTime();
      SourceException failure = catchThrowableOfType(SourceException.class, follower::poll);
      assertThat(failure)
          .isInstanceOfAny(SourceException.HandshakeTimedOut.class, SourceException.Stalled.class);
      assertThat(failure.isTransient()).isTrue();
      assertThat(TIME.since(start)).isLessThan(Duration.ofSeconds(7));
    } finally {
      Signals.send("CONT", server.process());
    }
    assertThat(follower.poll().reachedEnd()).isTrue();
  }

  @Test
  void killedConnectionBetweenPollsIsReplacedWithoutARetry() throws Exception {
    Follower follower = new Follower(source);
    follower.poll();
    try (Connection root = root();
        var statement = root.createStatement();
        var row =
            statement.executeQuery(
                "SELECT id FROM information_schema.processlist WHERE user = 'freshet'")) {
      while (row.next()) {
        Listings.kill(root, row.getLong(1));
      }
    }
    ChangeBatch batch = follower.poll();
    assertThat(batch.report().retries()).isZero();
    assertThat(batch.report().connects()).isEqualTo(1);
  }

  @Test
  void wrongPasswordIsAccessDeniedAndNotRepeated() {
    listings.password = "wrong";
    SourceException failure =
        catchThrowableOfType(SourceException.class, () -> new Follower(source).poll());
    assertThat(failure).isInstanceOf(SourceException.AccessDenied.class);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void passwordIsAskedForAgainAtEveryConnect() throws Exception {
    listings.password = "wrong";
    Follower follower = new Follower(source);
    assertThat(catchThrowableOfType(SourceException.class, follower::poll)).isNotNull();
    listings.password = Listings.PASSWORD;
    assertThat(follower.poll().reachedEnd()).isTrue();
  }

  @Test
  void unreachablePreferredServerIsReplacedByTheNext() throws Exception {
    FaultyProxy gone = new FaultyProxy(0);
    gone.close();
    source.close();
    source = listings.source(gone.endpoint(), proxy.endpoint());
    ChangeBatch batch = new Follower(source).poll();
    assertThat(batch.report().endpoint()).isEqualTo(proxy.endpoint().toString());
  }

  @Test
  void stopEndsAHungReadWithinSeconds() throws Exception {
    // What is stalled here would else last until the poll's deadline.
    listings.timeouts =
        new Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(50),
            Duration.ofSeconds(50),
            Duration.ofSeconds(50));
    source.close();
    source = listings.source(proxy.endpoint());
    proxy.spoil(Fault.STALL, 400_000, 100);
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Future<SourceException> poll =
          executor.submit(
              () -> catchThrowableOfType(SourceException.class, () -> new Follower(source).poll()));
      proxy.awaitFault();
      long start = TIME.nanoTime();
      listings.stop.request();
      assertThat(poll.get()).isInstanceOf(SourceException.Stopped.class);
      assertThat(TIME.since(start)).isLessThan(Duration.ofSeconds(6));
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void rowOverMaxAllowedPacketIsReadInPieces() throws Exception {
    try (Connection root = root()) {
      // Each half passes on its way in; together they do not on their way out.
      Listings.execute(
          root,
          "INSERT INTO listing (id, city, title, updated_at) VALUES (900001, 'c', REPEAT('y',"
              + " 700000), UTC_TIMESTAMP(6))",
          "UPDATE listing SET title = 'small', updated_at = UTC_TIMESTAMP(6) WHERE id = 1");
      root.createStatement().execute("ALTER TABLE listing ADD COLUMN more MEDIUMTEXT");
      Listings.execute(root, "UPDATE listing SET more = REPEAT('z', 700000) WHERE id = 900001");
    }
    try {
      listings.setAside.clear();
      MySqlSource wide = listings.sourceOfTexts("more", proxy.endpoint());
      try (wide) {
        Follower follower = new Follower(wide);
        ChangeBatch batch = follower.poll();
        assertThat(batch.reachedEnd()).isTrue();
        assertThat(follower.documents).hasSize(ROWS + 1);
        assertThat(follower.documents.get(900001L).values())
            .containsExactly("y".repeat(700_000), "z".repeat(700_000));
        assertThat(listings.setAside.reasons()).isEmpty();
      }
    } finally {
      try (Connection root = root()) {
        Listings.execute(
            root, "DELETE FROM listing WHERE id = 900001", "ALTER TABLE listing DROP COLUMN more");
      }
    }
  }
}
