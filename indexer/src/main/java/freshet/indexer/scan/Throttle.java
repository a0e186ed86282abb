package freshet.indexer.scan;

import freshet.indexer.scan.ThrottleRule.Decision;
import freshet.indexer.scan.ThrottleRule.Load;
import freshet.indexer.session.SourceException;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the next page be read when {@link ThrottleRule} says so. The server is asked how it is at
 * most once a second, by one of those that want to read, on a connection of theirs. Thread-safe.
 */
final class Throttle {
  private static final Logger LOG = LoggerFactory.getLogger(Throttle.class);

  /** Asks a server how it is. */
  interface Meter {
    Load ask() throws SourceException;
  }

  private record Measured(Load load, long atNanos) {}

  private final Time time;
  private final StopSignal stop;
  private final Waits waits;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private volatile ScanLimits limits;
  private volatile @Nullable Measured measured;
  private volatile @Nullable String told;
  private Allowance allowance;

  Throttle(ScanLimits limits, Waits waits, Time time, StopSignal stop) {
    this.limits = limits;
    this.waits = waits;
    this.time = time;
    this.stop = stop;
    this.allowance = new Allowance(0, time.nanoTime());
  }

  /** From the next page on. */
  void limits(ScanLimits changed) {
    limits = changed;
  }

  /**
   * Waits until the next page may be read.
   *
   * @return how many rows it may have
   * @throws SourceException.Stopped if a stop was requested
   */
  int pass(Meter meter) throws SourceException {
    while (true) {
      ScanLimits now = limits;
      if (now.needLoad()) {
        askIfDue(meter);
      }
      Measured known = measured;
      Decision decision =
          ThrottleRule.decide(now, known == null ? null : known.load(), allowance(now));
      switch (decision) {
        case ThrottleRule.Read(int rows) -> {
          waits.end();
          if (told != null) {
            tell(null);
          }
          return rows;
        }
        case ThrottleRule.Wait wait -> {
          waits.begin(wait.reason(), wait.why());
          if (wait.isForLoad()) {
            tell(wait.why());
          }
          waits.await(stop, wait.atMost());
        }
      }
    }
  }

  /** So many rows were read. */
  synchronized void read(int rows) {
    allowance = allowance.less(rows);
  }

  private synchronized Allowance allowance(ScanLimits now) {
    allowance = allowance.at(time.nanoTime(), now.rowsPerSecond());
    return allowance;
  }

  private void askIfDue(Meter meter) throws SourceException {
    Measured known = measured;
    boolean isDue = known == null || time.since(known.atNanos()).compareTo(ThrottleRule.LOOK) >= 0;
    if (isDue && isAsking.compareAndSet(false, true)) {
      try {
        measured = new Measured(meter.ask(), time.nanoTime());
      } finally {
        isAsking.set(false);
      }
    }
  }

  /** Says once that reading waits for the server, and once that it goes on. */
  private synchronized void tell(@Nullable String why) {
    if (why != null && told == null) {
      LOG.info("the scan waits: {}", why);
    } else if (why == null && told != null) {
      LOG.info("the scan goes on, which had waited: {}", told);
    }
    told = why;
  }
}
