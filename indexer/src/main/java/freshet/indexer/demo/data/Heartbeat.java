package freshet.indexer.demo.data;

import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Workers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes the source's time into a row of the source, twice a second. What the replica shows of it
 * is how far the replica lags, also when the source has nothing else to say.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final StopSignal stop = new StopSignal();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private final Thread thread;

  private Heartbeat(Connection source) {
    this.thread = Workers.thread("demo-heartbeat", () -> beat(source));
  }

  /** Starts beating. */
  public static Heartbeat start(DemoDatabase database) throws SQLException {
    Heartbeat heartbeat = new Heartbeat(database.writer());
    heartbeat.thread.start();
    return heartbeat;
  }

  private void beat(Connection source) {
    try (source;
        Statement statement = source.createStatement()) {
      while (!stop.isRequested()) {
        statement.executeUpdate(ListingTable.BEAT);
        if (stop.await(PERIOD)) {
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

  /** Stops beating. */
  @Override
  public void close() {
    stop.request();
  }
}
