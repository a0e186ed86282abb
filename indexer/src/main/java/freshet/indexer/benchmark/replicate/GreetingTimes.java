package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.Samples;
import java.time.Duration;

/** How long the database's greeting took, many times. Not thread-safe. */
final class GreetingTimes {
  private static final double MILLIS = 1_000;

  private final Samples millis = new Samples();
  private int count;
  private int failures;

  void add(Duration greeting) {
    millis.add(Samples.seconds(greeting) * MILLIS);
    count++;
  }

  void failed() {
    failures++;
  }

  int count() {
    return count;
  }

  int failures() {
    return failures;
  }

  /** In milliseconds, that this share of them did not exceed. */
  double millis(double share) {
    return millis.at(share);
  }
}
