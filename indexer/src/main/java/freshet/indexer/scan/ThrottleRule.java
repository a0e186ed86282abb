package freshet.indexer.scan;

import freshet.indexer.session.Lag;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether the next page may be read. Pure. */
final class ThrottleRule {
  /** How often the server is asked how it is. */
  static final Duration LOOK = Duration.ofSeconds(1);

  private ThrottleRule() {}

  /**
   * How a server is.
   *
   * @param lag behind its source
   * @param threadsRunning at work, the one that counts them included
   */
  record Load(Lag lag, int threadsRunning) {}

  /** What to do. */
  sealed interface Decision {}

  /**
   * Read.
   *
   * @param rows at most
   */
  record Read(int rows) implements Decision {}

  /**
   * Wait, then ask again.
   *
   * @param reason for what
   * @param why in words
   * @param atMost by then something may have changed
   */
  record Wait(WaitReason reason, String why, Duration atMost) implements Decision {

    /** Whether the server has too much to do, which is worth a line. */
    boolean isForLoad() {
      return reason == WaitReason.REPLICA_LAG || reason == WaitReason.THREADS_RUNNING;
    }
  }

  /**
   * Decides.
   *
   * @param load null if it was not asked for yet
   * @param allowance as it is now
   */
  static Decision decide(ScanLimits limits, @Nullable Load load, Allowance allowance) {
    if (limits.needLoad() && load == null) {
      return new Wait(WaitReason.SERVER, "the server's load is not known yet", LOOK.dividedBy(10));
    }
    Wait tooMuch = load == null ? null : tooMuch(limits, load);
    if (tooMuch != null) {
      return tooMuch;
    }
    Integer perSecond = limits.rowsPerSecond();
    if (perSecond == null) {
      return new Read(Integer.MAX_VALUE);
    }
    Duration wait = allowance.wait(perSecond);
    if (wait.isPositive()) {
      Duration atMost = wait.compareTo(LOOK) < 0 ? wait : LOOK;
      return new Wait(
          WaitReason.ROWS_PER_SECOND, "%,d rows/s are allowed".formatted(perSecond), atMost);
    }
    return new Read(Allowance.page(perSecond));
  }

  private static @Nullable Wait tooMuch(ScanLimits limits, Load load) {
    Duration maxLag = limits.maxLag();
    if (maxLag != null) {
      switch (load.lag()) {
        case Lag.Known(Duration atMost) when atMost.compareTo(maxLag) > 0 -> {
          return lag("%s, limit %s".formatted(seconds(atMost), seconds(maxLag)));
        }
        case Lag.Known known -> {}
        case Lag.Unknown(String why) -> {
          return lag("unknown (%s), limit %s".formatted(why, seconds(maxLag)));
        }
      }
    }
    Integer most = limits.maxThreadsRunning();
    return most != null && load.threadsRunning() > most
        ? new Wait(
            WaitReason.THREADS_RUNNING,
            "%s running, limit %,d"
                .formatted(Count.of(load.threadsRunning(), "thread is", "threads are"), most),
            LOOK)
        : null;
  }

  private static Wait lag(String is) {
    return new Wait(WaitReason.REPLICA_LAG, "replica lag is " + is, LOOK);
  }

  /** Whole ones where it is, else with a fraction. */
  private static String seconds(Duration duration) {
    return duration.toMillisPart() == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() / 1_000.0 + " s";
  }
}
