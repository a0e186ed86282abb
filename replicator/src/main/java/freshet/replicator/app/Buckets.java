package freshet.replicator.app;

import java.time.Duration;
import java.util.stream.LongStream;

/** The buckets of histograms. */
public final class Buckets {
  private Buckets() {}

  /** From a healthy local handshake to the longest deadline that anybody would configure. */
  public static Duration[] ofExchanges() {
    return of(1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000);
  }

  /** From a cycle with nothing to do to a copy of everything. */
  public static Duration[] ofWork() {
    return of(10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000);
  }

  private static Duration[] of(long... millis) {
    return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
