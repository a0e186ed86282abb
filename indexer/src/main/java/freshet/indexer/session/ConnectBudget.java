package freshet.indexer.session;

import freshet.indexer.connect.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often one poll may still connect to each server, also while it fails: a server in trouble is
 * not helped by more handshakes. What did not get past TCP has cost the server nothing and is not
 * counted; the number of attempts bounds it. Used by one thread, {@link #end()} aside.
 */
final class ConnectBudget {
  /** Of one poll, to one server. */
  static final int MOST = 2;

  private final Map<Endpoint, Integer> spent = new HashMap<>();
  private volatile boolean isOver;

  void spend(Endpoint endpoint) {
    spent.merge(endpoint, 1, Integer::sum);
  }

  /** No more connects at all, since the poll's time is over; from any thread. */
  void end() {
    isOver = true;
  }

  void refund(Endpoint endpoint) {
    spent.computeIfPresent(endpoint, (of, times) -> Math.max(0, times - 1));
  }

  boolean allows(Endpoint endpoint) {
    return !isOver && spent.getOrDefault(endpoint, 0) < MOST;
  }

  boolean allowsAny(List<Endpoint> endpoints) {
    return endpoints.stream().anyMatch(this::allows);
  }
}
