package freshet.replicator.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Failures of the last hour, at most the last 1,000, forgotten by a restart. Thread-safe. */
public final class RecentFailures {
  private static final Duration REACH = Duration.ofHours(1);
  private static final int MOST = 1_000;
  private static final int LONGEST_MESSAGE = 500;

  private final Deque<FailureClass> failures = new ArrayDeque<>();

  /** Takes one more; see {@link FailureClass}. */
  public synchronized void add(Instant at, String name, String where, String message) {
    String start = message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
    failures.addLast(new FailureClass(name, where, 1, at, start));
    if (failures.size() > MOST) {
      failures.removeFirst();
    }
  }

  /** By class and place, the latest first. */
  public synchronized List<FailureClass> classes(Instant now) {
    failures.removeIf(failure -> failure.last().isBefore(now.minus(REACH)));
    Map<List<String>, FailureClass> classes = new LinkedHashMap<>();
    for (FailureClass failure : failures) {
      classes.merge(
          List.of(failure.name(), failure.where()),
          failure,
          (before, last) ->
              new FailureClass(
                  last.name(), last.where(), before.count() + 1, last.last(), last.message()));
    }
    return classes.values().stream()
        .sorted(Comparator.comparing(FailureClass::last).reversed())
        .toList();
  }
}
