package freshet.indexer.connect;

import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action at a deadline unless it is closed before. It holds where a time-out of the driver
 * does not: those count the gap between two bytes, so a peer that trickles never meets them.
 * Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  private enum State {
    ARMED,
    FIRED,
    DISARMED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.ARMED);
  private final Thread thread;

  private Watchdog(String name, Time time, Duration after, Runnable action) {
    thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(
                () -> {
                  try {
                    time.sleep(after);
                  } catch (InterruptedException e) {
                    return;
                  }
                  fire(action);
                });
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
