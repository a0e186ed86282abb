package freshet.replicator.page;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments as the page shows them: UTC, to the second. */
final class Times {
  private Times() {}

  static String second(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
