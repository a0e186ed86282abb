package freshet.indexer.alert;

import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How the last connects went. It knows of a failure while the poll that met it still tries again,
 * which can take longer than an age may grow. Thread-safe.
 */
public final class ConnectHistory implements SessionListener {
  private static final int KEPT = 20;

  private final SessionListener next;
  private final Deque<Boolean> wentWell = new ArrayDeque<>();
  private @Nullable SourceException newest;
  private @Nullable String asking;

  /**
   * How they went.
   *
   * @param failed how many of them failed
   * @param count how many are known, at most 20
   * @param newest class of the last failure; null if a connect or a cycle went well since
   * @param message of it; empty without one
   * @param asking what the server is being asked just now; null if nothing is
   */
  public record Recent(
      int failed, int count, @Nullable String newest, String message, @Nullable String asking) {}

  /** Hands everything on. */
  public ConnectHistory(SessionListener next) {
    this.next = next;
  }

  @Override
  public void connected(Endpoint endpoint, ConnectTimings timings) {
    synchronized (this) {
      note(true);
      newest = null;
    }
    next.connected(endpoint, timings);
  }

  @Override
  public void failed(Endpoint endpoint, SourceException failure) {
    synchronized (this) {
      note(false);
      newest = failure;
    }
    next.failed(endpoint, failure);
  }

  @Override
  public void asks(String what) {
    synchronized (this) {
      asking = what;
    }
    next.asks(what);
  }

  @Override
  public void answered() {
    synchronized (this) {
      asking = null;
    }
    next.answered();
  }

  /** A cycle read the database to its end. */
  public synchronized void polled() {
    newest = null;
  }

  /** How they went. */
  public synchronized Recent recent() {
    SourceException failure = newest;
    int failed = (int) wentWell.stream().filter(well -> !well).count();
    return failure == null
        ? new Recent(failed, wentWell.size(), null, "", asking)
        : new Recent(
            failed,
            wentWell.size(),
            failure.getClass().getSimpleName(),
            String.valueOf(failure.getMessage()),
            asking);
  }

  private void note(boolean isGood) {
    wentWell.addLast(isGood);
    if (wentWell.size() > KEPT) {
      wentWell.removeFirst();
    }
  }
}
