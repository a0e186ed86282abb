package freshet.replicator.serve;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of the merges and rebuilt cities that LATEST announces each slave has already, as it says.
 * Holds so many slaves, and forgets the silent ones. Thread-safe.
 */
public final class PreparedMerges {
  /** More merges than any master announces at one time. */
  private static final int MAX_MERGES = 1000;

  private final int maxSlaves;
  private final Duration expiry;
  private final Map<String, Report> slaves = new HashMap<>();

  private record Report(Instant at, Set<String> merges) {}

  /**
   * What is known at one time.
   *
   * @param slaves how many say what they have
   * @param having how many of them have a merge, by its id
   */
  public record Figures(int slaves, Map<String, Integer> having) {
    /** Copies the map. */
    public Figures {
      having = Map.copyOf(having);
    }

    /** Those that all slaves who say what they have do have. */
    public Set<String> withAll(Set<String> merges) {
      return merges.stream()
          .filter(merge -> having.getOrDefault(merge, 0) >= slaves)
          .collect(Collectors.toSet());
    }
  }

  PreparedMerges(int maxSlaves, Duration expiry) {
    this.maxSlaves = maxSlaves;
    this.expiry = expiry;
  }

  /** What the slaves that reported lately have. */
  public synchronized Figures at(Instant now) {
    forget(now);
    Map<String, Integer> having = new HashMap<>();
    slaves
        .values()
        .forEach(report -> report.merges.forEach(merge -> having.merge(merge, 1, Integer::sum)));
    return new Figures(slaves.size(), having);
  }

  /** Takes a report; false if there is no room for it. */
  synchronized boolean report(String slave, Set<String> merges, Instant now) {
    forget(now);
    if (merges.size() > MAX_MERGES || (slaves.size() >= maxSlaves && !slaves.containsKey(slave))) {
      return false;
    }
    slaves.put(slave, new Report(now, Set.copyOf(merges)));
    return true;
  }

  private void forget(Instant now) {
    slaves.values().removeIf(report -> report.at.isBefore(now.minus(expiry)));
  }
}
