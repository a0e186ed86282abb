package freshet.replicator.page;

import java.time.Duration;
import java.util.List;

/**
 * How long one phase of the handshakes with one server took.
 *
 * @param endpoint the server
 * @param phase of the handshake
 * @param bounds upper bounds of all buckets but the last, which has none
 * @param counts handshakes of each bucket
 */
public record PhaseHistogram(
    String endpoint, String phase, List<Duration> bounds, List<Long> counts) {

  /** Copies the lists, which belong together. */
  public PhaseHistogram {
    bounds = List.copyOf(bounds);
    counts = List.copyOf(counts);
    if (counts.size() != bounds.size() + 1) {
      throw new IllegalArgumentException(
          "%d bounds make %d buckets, not %d"
              .formatted(bounds.size(), bounds.size() + 1, counts.size()));
    }
  }

  /** All handshakes. */
  long total() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
