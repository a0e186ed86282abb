package freshet.indexer.connect;

import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action at a deadline unless it is closed before; the deadline can be moved. It holds
 * where a time-out of the driver does not: those count the gap between two bytes, so a peer that
 * trickles never meets them. Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  private enum State {
    ARMED,
    FIRED,
    DISARMED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.ARMED);
  private final Time time;
  private final Thread thread;
  private volatile long deadlineNanos;

  private Watchdog(String name, Time time, Duration after, Runnable action) {
    this.time = time;
    this.deadlineNanos = time.nanoTime() + after.toNanos();
    // No virtual thread: it would wait its turn behind whatever keeps the few carriers busy.
    this.thread = Workers.thread(name, () -> watch(action));
  }

  /**
   * Starts watching.
   *
   * @param action must not block; it runs on a thread of its own
   */
  public static Watchdog arm(String name, Time time, Duration after, Runnable action) {
    Watchdog watchdog = new Watchdog(name, time, after, action);
    watchdog.thread.start();
    return watchdog;
  }

  /** Moves the deadline to so long from now. Cheap enough for every row of a result. */
  public void renew(Duration after) {
    long next = time.nanoTime() + after.toNanos();
    boolean isSooner = next - deadlineNanos < 0;
    deadlineNanos = next;
    if (isSooner && state.get() == State.ARMED) {
      thread.interrupt();
    }
  }

  /** Whether the deadline passed before {@link #close()}. */
  public boolean hasFired() {
    return state.get() == State.FIRED;
  }

  /** Stops watching. If the action has begun, this does nothing. */
  @Override
  public void close() {
    if (state.compareAndSet(State.ARMED, State.DISARMED)) {
      thread.interrupt();
    }
  }

  private void watch(Runnable action) {
    for (long left = leftNanos(); left > 0 && state.get() == State.ARMED; left = leftNanos()) {
      try {
        time.sleep(Duration.ofNanos(left));
      } catch (InterruptedException e) {
        LOG.trace("{}: closed, or its deadline is sooner now", thread.getName());
      }
    }
    fire(action);
  }

  private long leftNanos() {
    return deadlineNanos - time.nanoTime();
  }

  private void fire(Runnable action) {
    if (state.compareAndSet(State.ARMED, State.FIRED)) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.warn("{}: what was to end could not be ended: {}", thread.getName(), e.toString(), e);
      }
    }
  }
}
