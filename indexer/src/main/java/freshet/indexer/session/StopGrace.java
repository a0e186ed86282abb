package freshet.indexer.session;

import freshet.indexer.connect.Watchdog;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.time.Duration;

/** What is under way when a stop is requested may come to its end, but not for ever. */
public final class StopGrace {
  /** How long a read may go on after a stop was requested, before it is cut off. */
  private static final Duration GRACE = Duration.ofSeconds(4);

  private StopGrace() {}

  /**
   * Cuts off once a stop was requested and the grace is over.
   *
   * @param cut ends what is under way, from any thread
   */
  public static void cutOffLater(StopSignal stop, Time time, Runnable cut) {
    stop.onRequest(
        () -> {
          // Never closed: it lasts some seconds, and the process is on its way out.
          Watchdog unused = Watchdog.arm("stop-grace", time, GRACE, cut);
        });
  }
}
