package freshet.indexer.alert;

import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import freshet.replicator.alert.CertificateSymptoms.Ending;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the last connects and queries went, and what else was going on. It knows of a failure while
 * the poll that met it still tries again, which can take longer than an age may grow. Thread-safe.
 */
public final class ConnectHistory implements SessionListener {
  private static final int KEPT = 20;

  private final SessionListener next;
  private final Deque<Attempt> attempts = new ArrayDeque<>();
  private final Map<Endpoint, Long> countedBefore = new HashMap<>();
  private @Nullable SourceException newest;
  private @Nullable String asking;
  private List<Ending> certificates = List.of();
  private volatile SessionListener also = SessionListener.NONE;
  private volatile Serving serving = ago -> false;

  /** Tells whether slaves were being sent something within the last so long. */
  public interface Serving {
    boolean within(Duration ago);
  }

  /**
   * A connect, or a query that failed.
   *
   * @param endpoint of the server
   * @param isConnect whether it is no query
   * @param isGood whether it succeeded
   * @param isServing whether slaves were being sent something meanwhile; only of a failed connect
   * @param aborted what the server counted after it; null if it was not asked
   */
  private record Attempt(
      Endpoint endpoint,
      boolean isConnect,
      boolean isGood,
      boolean isServing,
      @Nullable Long aborted) {}

  /**
   * How the last connects went, 20 of them and of failed queries together at most.
   *
   * @param failed how many of them failed
   * @param count how many are known
   * @param whileServing how many of those that failed did so while slaves were pulling
   * @param abortedGrowth how many connects broke meanwhile by the count of the server that failed
   *     last; null if it was not asked twice
   * @param failedQueries that are among the last 20
   */
  public record Connects(
      int failed, int count, int whileServing, @Nullable Long abortedGrowth, int failedQueries) {}

  /**
   * How they went.
   *
   * @param connects in numbers
   * @param newest the last failure; null if a connect or a cycle went well since
   * @param asking what the server is being asked just now; null if nothing is
   */
  public record Recent(
      Connects connects, @Nullable SourceException newest, @Nullable String asking) {}

  /** Hands everything on. */
  public ConnectHistory(SessionListener next) {
    this.next = next;
  }

  /** From now on, hands everything on to this one too, and asks that one. */
  public void tell(SessionListener another, Serving asked) {
    also = another;
    serving = asked;
  }

  @Override
  public void connected(Endpoint endpoint, ConnectTimings timings) {
    synchronized (this) {
      note(new Attempt(endpoint, true, true, false, null));
      newest = null;
    }
    next.connected(endpoint, timings);
    also.connected(endpoint, timings);
  }

  @Override
  public void verified(Endpoint endpoint, List<X509Certificate> shown) {
    synchronized (this) {
      certificates = shown.stream().map(one -> ending(endpoint, one)).toList();
    }
    next.verified(endpoint, shown);
    also.verified(endpoint, shown);
  }

  private static Ending ending(Endpoint endpoint, X509Certificate shown) {
    return new Ending(
        "the handshake of " + endpoint,
        shown.getSubjectX500Principal().toString(),
        shown.getNotAfter().toInstant());
  }

  @Override
  public boolean wantsCounts() {
    return true;
  }

  @Override
  public void counted(Endpoint endpoint, long abortedConnects) {
    synchronized (this) {
      Attempt last = attempts.peekLast();
      if (last != null && last.isGood() && last.endpoint().equals(endpoint)) {
        attempts.removeLast();
        attempts.addLast(new Attempt(endpoint, true, true, false, abortedConnects));
      }
    }
    next.counted(endpoint, abortedConnects);
    also.counted(endpoint, abortedConnects);
  }

  @Override
  public void failed(Endpoint endpoint, SourceException failure) {
    boolean isConnect = failure.getCause() instanceof ConnectFailure;
    boolean isServing =
        failure.getCause() instanceof ConnectFailure connect
            && serving.within(connect.timings().total());
    synchronized (this) {
      note(new Attempt(endpoint, isConnect, false, isServing, null));
      newest = failure;
    }
    next.failed(endpoint, failure);
    also.failed(endpoint, failure);
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

  /**
   * When the certificates end that a server showed last. They stay while no connect succeeds, as
   * after their end; those of a server that is not used any more are forgotten.
   */
  public synchronized List<Ending> certificates() {
    return certificates;
  }

  /** How they went. */
  public synchronized Recent recent() {
    List<Attempt> connects = attempts.stream().filter(Attempt::isConnect).toList();
    List<Attempt> failed = connects.stream().filter(each -> !each.isGood()).toList();
    return new Recent(
        new Connects(
            failed.size(),
            connects.size(),
            (int) failed.stream().filter(Attempt::isServing).count(),
            failed.isEmpty() ? null : abortedGrowth(failed.getLast().endpoint()),
            attempts.size() - connects.size()),
        newest,
        asking);
  }

  /** A server that was started anew counts from zero. */
  private @Nullable Long abortedGrowth(Endpoint endpoint) {
    List<Long> counts =
        attempts.stream()
            .filter(each -> each.endpoint().equals(endpoint))
            .map(Attempt::aborted)
            .filter(Objects::nonNull)
            .toList();
    if (counts.isEmpty()) {
      return null;
    }
    Long first = countedBefore.get(endpoint);
    if (first == null && counts.size() < 2) {
      return null;
    }
    long growth = counts.getLast() - (first == null ? counts.getFirst() : first);
    return growth < 0 ? null : Long.valueOf(growth);
  }

  private void note(Attempt attempt) {
    attempts.addLast(attempt);
    if (attempts.size() > KEPT) {
      Attempt gone = attempts.removeFirst();
      if (gone.aborted() != null) {
        countedBefore.put(gone.endpoint(), gone.aborted());
      }
    }
  }
}
