package freshet.indexer.source;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** This host's clocks, which also leap when they are told to: real waits stay real. Thread-safe. */
public final class LeapTime implements Time {
  private final Time host = new SystemTime();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  /** Moves both clocks forward. */
  public void leap(Duration by) {
    ahead.updateAndGet(so -> so.plus(by));
  }

  @Override
  public Instant now() {
    return host.now().plus(ahead.get());
  }

  @Override
  public long nanoTime() {
    return host.nanoTime() + ahead.get().toNanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    host.sleep(duration);
  }
}
