package freshet.replicator.page;

import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the page shows, gathered once a second at most, however many ask. Thread-safe. */
final class LatestPage implements Supplier<StatusPage> {
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Supplier<StatusPage> look;
  private final Time time;

  /** No monitor: one that is waited for would hold the threads that serve everybody else. */
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable StatusPage last;
  private long lookedAt;

  LatestPage(Supplier<StatusPage> look, Time time) {
    this.look = look;
    this.time = time;
  }

  @Override
  public StatusPage get() {
    lock.lock();
    try {
      return latest();
    } finally {
      lock.unlock();
    }
  }

  private StatusPage latest() {
    StatusPage known = last;
    if (known != null && time.since(lookedAt).compareTo(KEPT) < 0) {
      return known;
    }
    StatusPage fresh = look.get();
    last = fresh;
    lookedAt = time.nanoTime();
    return fresh;
  }
}
