package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each limit makes a scan wait, says so, and lets it go on once it is met or changed. */
@Timeout(90)
class ThrottledScanIT {
  private static final Time TIME = new SystemTime();
  private static final int ROWS = 1_024;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Scans.Rows rows = new Scans.Rows();
  private Listings listings;
  private Connection writer;
  private TableScan scan;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    listings.limits = new Limits(50, 50_000, 64L << 20);
    writer = database.source();
    Listings.execute(
        writer,
        "CREATE TABLE beat (id INT PRIMARY KEY, ts DATETIME(6))",
        "INSERT INTO beat VALUES (1, UTC_TIMESTAMP(6) - INTERVAL 1 HOUR)",
        "GRANT SELECT ON %s.beat TO 'freshet'@'127.0.0.1'".formatted(database.schema()),
        "INSERT INTO listing (id, city, title, updated_at) VALUES (1, 'c', 't', UTC_TIMESTAMP(6))");
    for (int count = 1; count < ROWS; count *= 2) {
      Listings.execute(
          writer,
          ("INSERT INTO listing (id, city, title, updated_at)"
                  + " SELECT id + %d, city, title, updated_at FROM listing")
              .formatted(count));
    }
    database.awaitReplica();
  }

  @AfterEach
  void end() throws SQLException {
    scan.close();
    threads.close();
    writer.close();
  }

  private Future<?> read(DatabaseServer from, ScanLimits limits) {
    scan = Scans.of(listings, listings.options(List.of(Listings.endpoint(from))), Listings.SCHEMA);
    scan.limits(limits);
    return threads.submit(
        () -> {
          scan.read(KeyRange.ALL, rows);
          return null;
        });
  }

  private void expectAll(Future<?> reading) throws Exception {
    reading.get();
    assertThat(rows.all).hasSize(ROWS);
    assertThat(scan.waitsFor()).isEmpty();
  }

  @Test
  void rowsPerSecondAreBoundedAndTheBoundCanBeLifted() throws Exception {
    long start = TIME.nanoTime();
    Future<?> reading = read(database.pair().source(), new ScanLimits(200, null, null));
    while (rows.pages.size() < 3) {
      Scans.awaitReason(scan, "200 rows/s are allowed");
    }
    assertThat(TIME.since(start)).isGreaterThan(Duration.ofMillis(400));
    scan.limits(ScanLimits.NONE);
    expectAll(reading);
  }

  @Test
  void tooManyRunningThreadsAreWaitedFor() throws Exception {
    List<Connection> busy = new ArrayList<>();
    List<Future<?>> sleeping = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Connection connection = database.source();
      busy.add(connection);
      sleeping.add(
          threads.submit(
              () -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.execute("SELECT SLEEP(600)");
                }
              }));
    }
    // The scan looks once a second, and might be at its end by the second look.
    while (sleepers().size() < busy.size()) {
      TIME.sleep(Duration.ofMillis(5));
    }
    Future<?> reading = read(database.pair().source(), new ScanLimits(null, null, 10));
    Scans.awaitReason(scan, "threads are running, limit 10");
    for (Connection connection : busy) {
      connection.abort(Runnable::run);
    }
    for (Future<?> one : sleeping) {
      assertThatThrownBy(one::get).isInstanceOf(ExecutionException.class);
    }
    kill();
    expectAll(reading);
  }

  /** A server may not notice by itself that a client has gone which sleeps. */
  private void kill() throws SQLException {
    for (Long id : sleepers()) {
      Listings.kill(writer, id);
    }
  }

  private List<Long> sleepers() throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (Statement statement = writer.createStatement();
        var row =
            statement.executeQuery(
                "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'")) {
      while (row.next()) {
        ids.add(row.getLong(1));
      }
    }
    return ids;
  }

  @Test
  void aLagAboveItsLimitIsWaitedFor() throws Exception {
    listings.lag = new LagSource.Heartbeat("beat", "ts");
    Future<?> reading =
        read(database.pair().replica(), new ScanLimits(null, Duration.ofSeconds(60), null));
    assertThat(Scans.reason(scan, "replica lag is 3")).endsWith(" s, limit 60 s");
    assertThat(rows.pages).isEmpty();
    Listings.execute(writer, "UPDATE beat SET ts = UTC_TIMESTAMP(6)");
    expectAll(reading);
  }

  @Test
  void aReplicaWhoseApplierStoppedIsWaitedFor() throws Exception {
    listings.lag = new LagSource.ReplicaStatus();
    database.pair().stopSqlThread();
    try {
      Future<?> reading =
          read(database.pair().replica(), new ScanLimits(null, Duration.ofSeconds(60), null));
      Scans.awaitReason(scan, "replica lag is unknown (replication is not running");
      database.pair().startSqlThread();
      expectAll(reading);
    } finally {
      database.pair().startSqlThread();
    }
  }

  @Test
  void aStopEndsTheWaiting() throws Exception {
    listings.lag = new LagSource.Heartbeat("beat", "ts");
    Future<?> reading =
        read(database.pair().replica(), new ScanLimits(null, Duration.ofSeconds(60), null));
    Scans.awaitReason(scan, "replica lag is 3");
    listings.stop.request();
    assertThatThrownBy(reading::get).hasCauseInstanceOf(SourceException.Stopped.class);
  }
}
