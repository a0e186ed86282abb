package freshet.replicator.explain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Versions of rows, which are microseconds, as people read them. */
public final class Versions {
  private Versions() {}

  /** The moment of a version. */
  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
