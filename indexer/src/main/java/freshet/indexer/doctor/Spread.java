package freshet.indexer.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How long something took, many times.
 *
 * @param min the shortest
 * @param p50 half took at most that
 * @param p99 99 of 100 took at most that
 * @param max the longest
 */
public record Spread(Duration min, Duration p50, Duration p99, Duration max) {
  /** Refuses what a file that was changed by hand may lack. */
  public Spread {
    Objects.requireNonNull(min, "min");
    Objects.requireNonNull(p50, "p50");
    Objects.requireNonNull(p99, "p99");
    Objects.requireNonNull(max, "max");
  }

  /**
   * Of these, by nearest rank.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Spread of(List<Duration> durations) {
    if (durations.isEmpty()) {
      throw new IllegalArgumentException("no duration was measured: expected at least one");
    }
    List<Duration> sorted = durations.stream().sorted().toList();
    return new Spread(sorted.getFirst(), rank(sorted, 50), rank(sorted, 99), sorted.getLast());
  }

  private static Duration rank(List<Duration> sorted, int percent) {
    int rank = Math.ceilDiv(sorted.size() * percent, 100);
    return sorted.get(Math.max(1, rank) - 1);
  }
}
