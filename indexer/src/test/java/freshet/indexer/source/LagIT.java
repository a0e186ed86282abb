package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.Signals;
import freshet.indexer.session.LagSource;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A lag that is NULL, unknown, or a lie: age must grow, and the poll must say why. */
@Timeout(90)
class LagIT {
  private static final Time TIME = new SystemTime();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;
  private MySqlSource source;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    listings.lag = new LagSource.ReplicaStatus();
    writer = database.source();
    Listings.execute(
        writer,
        "INSERT INTO listing (id, city, updated_at) VALUES (1, 'c', UTC_TIMESTAMP(6) - INTERVAL 1 HOUR)",
        "CREATE TABLE beat (id INT PRIMARY KEY, ts DATETIME(6))",
        "INSERT INTO beat VALUES (1, UTC_TIMESTAMP(6) - INTERVAL 1 HOUR)",
        "GRANT SELECT ON %s.beat TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
    database.awaitReplica();
    follow(database.pair().replica());
  }

  @AfterEach
  void end() throws SQLException {
    source.close();
    writer.close();
  }

  private void follow(DatabaseServer server) {
    source = listings.source(server);
    follower = new Follower(source);
  }

  /** Polls until it is as expected; none of the polls may claim what comes after an instant. */
  private ChangeBatch pollUntil(Predicate<ChangeBatch> isExpected, Instant neverClaimed)
      throws Exception {
    long start = TIME.nanoTime();
    while (true) {
      ChangeBatch batch = follower.poll();
      Instant claimed = batch.readThrough();
      if (claimed != null) {
        assertThat(claimed).isBefore(neverClaimed);
      }
      if (isExpected.test(batch)) {
        return batch;
      }
      assertThat(TIME.since(start)).as(batch.toString()).isLessThan(PATIENCE);
      TIME.sleep(Duration.ofMillis(100));
    }
  }

  private void onReplica(String sql) throws SQLException {
    try (Connection root = database.replica()) {
      Listings.execute(root, sql);
    }
  }

  @Test
  void frozenSourceIsNoticedThoughTheReplicaSaysZero() throws Exception {
    pollUntil(batch -> batch.readThrough() != null, Instant.MAX);
    // Signs of life come with the state: once the first sweep has ended, a poll is cheap.
    pollUntil(batch -> batch.report().queries() <= 4, Instant.MAX);
    ProcessHandle process = database.pair().source().process();
    Signals.send("STOP", process);
    try {
      Instant frozen = follower.poll().report().databaseNow();
      ChangeBatch silent = pollUntil(batch -> batch.whyNot() != null, frozen);
      assertThat(silent.whyNot()).contains("nothing was heard of the source");
      assertThat(silent.readThrough()).isNull();
    } finally {
      Signals.send("CONT", process);
    }
    assertThat(pollUntil(batch -> batch.readThrough() != null, Instant.MAX).whyNot()).isNull();
  }

  @Test
  void stoppedThreadsMakeTheLagUnknown() throws Exception {
    for (String thread : new String[] {"SQL_THREAD", "IO_THREAD"}) {
      onReplica("STOP REPLICA " + thread);
      try {
        assertThat(follower.poll().whyNot()).contains("replication is not running");
      } finally {
        onReplica("START REPLICA " + thread);
      }
      pollUntil(batch -> batch.readThrough() != null, Instant.MAX);
    }
  }

  @Test
  void emptyAnswerIsNoLagAtAll() throws Exception {
    source.close();
    follow(database.pair().source());
    assertThat(follower.poll().whyNot()).contains("SHOW REPLICA STATUS is empty");
  }

  @Test
  void heartbeatTableTellsTheLagWhateverTheReplicaSays() throws Exception {
    source.close();
    listings.lag = new LagSource.Heartbeat("beat", "ts");
    follow(database.pair().replica());
    assertThat(follower.poll().report().replicaLag()).isGreaterThan(Duration.ofMinutes(59));

    Listings.execute(writer, "UPDATE beat SET ts = UTC_TIMESTAMP(6)");
    database.awaitReplica();
    ChangeBatch sound = follower.poll();
    assertThat(sound.report().replicaLag()).isLessThan(Duration.ofMinutes(1));
    assertThat(sound.readThrough()).isNotNull();

    database.pair().stopSqlThread();
    try {
      Listings.execute(writer, "UPDATE beat SET ts = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND");
      ChangeBatch behind = follower.poll();
      assertThat(behind.report().replicaLag()).isGreaterThan(sound.report().replicaLag());
      assertThat(behind.readThrough()).isEqualTo(sound.readThrough());
    } finally {
      database.pair().startSqlThread();
    }

    Listings.execute(writer, "DELETE FROM beat");
    database.awaitReplica();
    assertThat(follower.poll().whyNot()).contains("heartbeat table beat has no row");
  }
}
