package freshet.replicator.http;

import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections on which no whole head of a request comes for as long as an idle one may stay.
 * Each byte begins Jetty's idle time-out anew, so that one a minute would hold one of the
 * connections for days. Thread-safe.
 */
final class SlowHeads implements Connection.Listener {
  /** A look costs little, and nobody waits for its result. */
  private static final int LOOKS = 4;

  private final Duration longest;
  private final Time time;

  /** Since when those that answer no request have been waited for, on the monotonic clock. */
  private final Map<Connection, Long> since = new ConcurrentHashMap<>();

  SlowHeads(Duration longest, Time time) {
    this.longest = longest;
    this.time = time;
  }

  /** Looks again and again, until the scheduler ends. */
  void watch(Scheduler scheduler) {
    scheduler.schedule(
        () -> {
          look();
          watch(scheduler);
        },
        Math.max(1, longest.toMillis() / LOOKS),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void onOpened(Connection connection) {
    // TLS has a connection below that of HTTP, by which no request comes.
    if (connection instanceof ConnectionMetaData) {
      since.put(connection, time.nanoTime());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    since.remove(connection);
  }

  /** The head is here: what follows has deadlines of its own. */
  void began(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    since.remove(connection);
    Request.addCompletionListener(request, unused -> ended(connection));
  }

  private void ended(Connection connection) {
    if (connection.getEndPoint().isOpen()) {
      since.put(connection, time.nanoTime());
    }
  }

  private void look() {
    since.forEach(
        (connection, start) -> {
          if (time.since(start).compareTo(longest) > 0 && since.remove(connection, start)) {
            connection.getEndPoint().close();
          }
        });
  }
}
