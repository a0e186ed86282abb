package freshet.indexer.demo.data;

import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Workers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Writes the source's time into a row of the source, again and again, by one statement. */
public final class Heartbeat implements AutoCloseable {
  private static final Duration OF_REPLICATION = Duration.ofMillis(500);

  private final String sql;
  private final Duration every;
  private final StopSignal stop = new StopSignal();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private final Thread thread;

  private Heartbeat(String name, String sql, Duration every, Connection source) {
    this.sql = sql;
    this.every = every;
    this.thread = Workers.thread("demo-" + name, () -> beat(source));
  }

  /**
   * Starts the one that replication is measured by, twice a second: what the replica shows of it is
   * how far it lags, also when the source has nothing else to say.
   */
  public static Heartbeat start(DemoDatabase database) throws SQLException {
    return start("heartbeat", ListingTable.BEAT, OF_REPLICATION, database);
  }

  /** Starts the canary, a listing that slaves search for; the first beat inserts it. */
  public static Heartbeat ofCanary(DemoDatabase database) throws SQLException {
    return start("canary", ListingTable.CANARY_BEAT, ListingTable.CANARY_EVERY, database);
  }

  private static Heartbeat start(String name, String sql, Duration every, DemoDatabase database)
      throws SQLException {
    Heartbeat heartbeat = new Heartbeat(name, sql, every, database.writer());
    heartbeat.thread.start();
    return heartbeat;
  }

  private void beat(Connection source) {
    try (source;
        Statement statement = source.createStatement()) {
      while (!stop.isRequested()) {
        statement.executeUpdate(sql);
        if (stop.await(every)) {
          return;
        }
      }
    } catch (SQLException e) {
      failure.set(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What made it end, if something did. */
  public Optional<SQLException> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Stops beating; returns after the last beat. */
  public void stop() throws InterruptedException {
    stop.request();
    thread.join();
  }

  @Override
  public void close() {
    stop.request();
  }
}
