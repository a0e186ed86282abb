package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Point;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ReplicationPair;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.SystemTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Which of two servers is polled, and how often one of them is connected to. */
@Timeout(90)
class FailoverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration STANDBY = Duration.ofSeconds(31);
  private static final Point READING = Point.answerTo("FROM `listing`", 0);

  private static ReplicationPair pair;
  private static Listings listings;
  private static Connection writer;

  private final LeapTime time = new LeapTime();
  private FaultyProxy replica;
  private Endpoint source;
  private MySqlSource polled;
  private Follower follower;

  @BeforeAll
  static void startPair() throws Exception {
    pair = ReplicationPair.start(TestFlavor.chosen()::start, new SystemTime());
    try (Connection root = pair.source().connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    writer = root(pair.source());
    listings = Listings.create(writer, "shop", 6);
    Listings.execute(
        writer,
        "CREATE TABLE beat (id INT PRIMARY KEY, ts DATETIME(6))",
        "INSERT INTO beat VALUES (1, UTC_TIMESTAMP(6))",
        "GRANT SELECT ON shop.beat TO 'freshet'@'127.0.0.1'",
        "INSERT INTO listing (id, city, updated_at) VALUES (1, 'c', UTC_TIMESTAMP(6))");
  }

  @AfterAll
  static void stopPair() throws SQLException {
    writer.close();
    pair.close();
  }

  @BeforeEach
  void start() throws Exception {
    beat();
    pair.awaitCaughtUp(PATIENCE);
    replica = new FaultyProxy(pair.replica().port());
    source = Listings.endpoint(pair.source());
    listings.time = time;
    listings.lag = new LagSource.Heartbeat("beat", "ts");
    polled = listings.source(replica.endpoint(), source);
    follower = new Follower(polled);
  }

  @AfterEach
  void end() throws Exception {
    polled.close();
    replica.close();
  }

  private static Connection root(DatabaseServer server) throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  private static void beat() throws SQLException {
    Listings.execute(writer, "UPDATE beat SET ts = UTC_TIMESTAMP(6)");
  }

  private static long connections(DatabaseServer server, Connection over) throws SQLException {
    try (Statement statement = over.createStatement();
        ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Connections'")) {
      row.next();
      return row.getLong(2);
    }
  }

  private Endpoint pollsFrom() throws SourceException {
    String endpoint = follower.poll().report().endpoint();
    return endpoint.equals(source.toString()) ? source : replica.endpoint();
  }

  @Test
  void laggingPreferredServerLosesToTheNextAndComesBackWhenItHasCaughtUp() throws Exception {
    assertThat(pollsFrom()).isEqualTo(replica.endpoint());
    Listings.execute(writer, "UPDATE beat SET ts = UTC_TIMESTAMP(6) - INTERVAL 61 SECOND");
    pair.awaitCaughtUp(PATIENCE);
    pair.stopSqlThread();
    try {
      beat();
      assertThat(pollsFrom()).isEqualTo(source);
      time.leap(STANDBY);
      assertThat(pollsFrom()).isEqualTo(source);
    } finally {
      pair.startSqlThread();
    }
    pair.awaitCaughtUp(PATIENCE);
    assertThat(pollsFrom()).isEqualTo(source);
    time.leap(STANDBY);
    assertThat(pollsFrom()).isEqualTo(replica.endpoint());
  }

  @Test
  void unreachablePreferredServerComesBackAsWell() throws Exception {
    assertThat(pollsFrom()).isEqualTo(replica.endpoint());
    replica.spoilOpen(Fault.RESET, FaultyProxy.Sender.SERVER);
    replica.spoil(Fault.RESET, Point.GREETING, 1);
    assertThat(pollsFrom()).isEqualTo(source);
    pair.awaitCaughtUp(PATIENCE);
    time.leap(STANDBY);
    assertThat(pollsFrom()).isEqualTo(replica.endpoint());
  }

  @Test
  void promotedReplicaIsPolledOnAndItsNewRoleIsSaidOnce() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger("freshet.indexer.session.Endpoints");
    logger.addAppender(log);
    try (Connection root = root(pair.replica())) {
      follower.poll();
      Listings.execute(root, "SET GLOBAL read_only=OFF");
      assertThat(follower.poll().reachedEnd()).isTrue();
      assertThat(follower.poll().reachedEnd()).isTrue();
      Listings.execute(root, "SET GLOBAL read_only=ON");
      assertThat(follower.poll().reachedEnd()).isTrue();
      // The same name, another server.
      replica.redirect(pair.source().port());
      replica.spoilOpen(Fault.RESET, FaultyProxy.Sender.SERVER);
      assertThat(follower.poll().reachedEnd()).isTrue();
      assertThat(follower.poll().reachedEnd()).isTrue();
    } finally {
      logger.detachAppender(log);
    }
    assertThat(List.copyOf(log.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            text -> assertThat(text).contains("is writable: a source now"),
            text -> assertThat(text).contains("is read-only: a replica now"),
            text -> assertThat(text).contains("is server ").contains("now, before it was"));
  }

  @Test
  void aServerGetsTwoConnectsOfAPollAtMostHoweverItFails() throws Exception {
    polled.close();
    polled = listings.source(replica.endpoint());
    follower = new Follower(polled);
    try (Connection over = root(pair.replica())) {
      long before = connections(pair.replica(), over);
      replica.spoil(Fault.CUT, READING, 100);
      assertThat(catchThrowableOfType(SourceException.class, follower::poll))
          .isInstanceOf(SourceException.LostDuringQuery.class);
      assertThat(connections(pair.replica(), over) - before).isEqualTo(2);
      replica.heal();
      assertThat(follower.poll().reachedEnd()).isTrue();
      assertThat(connections(pair.replica(), over) - before).isEqualTo(3);
    }
  }

  @Test
  void connectionIsReplacedAtItsGreatestAgeAndNotBefore() throws Exception {
    try (Connection over = root(pair.replica())) {
      follower.poll();
      long before = connections(pair.replica(), over);
      time.leap(Duration.ofMinutes(9));
      follower.poll();
      assertThat(connections(pair.replica(), over) - before).isZero();
      time.leap(Duration.ofMinutes(1));
      follower.poll();
      assertThat(connections(pair.replica(), over) - before).isEqualTo(1);
    }
  }

  @Test
  void replicaThatLacksWhatWasReadIsNotPolledHoweverFreshItClaimsToBe() throws Exception {
    polled.close();
    polled = listings.source(source);
    follower = new Follower(polled);
    pair.stopSqlThread();
    try {
      Listings.execute(
          writer,
          "INSERT INTO listing (id, city, updated_at) VALUES (%d, 'c', UTC_TIMESTAMP(6))"
              .formatted(1_000 + connections(pair.source(), writer)));
      follower.poll();
      try (MySqlSource other = listings.source(replica.endpoint())) {
        assertThat(
                catchThrowableOfType(
                    SourceException.class,
                    () -> other.poll(follower.position, follower.window, follower.stored)))
            .isInstanceOf(SourceException.RoleSwapped.class);
      }
    } finally {
      pair.startSqlThread();
    }
  }
}
