package freshet.replicator.flight;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attempts that failed within the last hour, the last 1,000 at most. Thread-safe. */
final class RecentFailures {
  static final Duration REACH = Duration.ofHours(1);
  private static final int MOST = 1_000;

  private final Deque<Failure> failures = new ArrayDeque<>();

  /** Takes one more; an incident that is told is none. */
  synchronized void add(Failure failure) {
    if (failure.wasAttempted()) {
      failures.addLast(failure);
      if (failures.size() > MOST) {
        failures.removeFirst();
      }
    }
  }

  /** Takes what was before all others, the oldest first, as far as there is room. */
  synchronized void addEarlier(List<Failure> earlier) {
    earlier.reversed().stream()
        .filter(Failure::wasAttempted)
        .limit(MOST - failures.size())
        .forEach(failures::addFirst);
  }

  /** One for each class, attempt and place, with how often it failed in all, the latest first. */
  synchronized List<Failure> at(Instant now) {
    failures.removeIf(failure -> failure.at().isBefore(now.minus(REACH)));
    Map<List<String>, Failure> alike = new LinkedHashMap<>();
    for (Failure failure : failures) {
      alike.merge(
          List.of(failure.failure(), failure.attempt(), failure.where()),
          failure,
          (one, other) ->
              (one.at().isAfter(other.at()) ? one : other).times(one.times() + other.times()));
    }
    return alike.values().stream().sorted(Comparator.comparing(Failure::at).reversed()).toList();
  }
}
