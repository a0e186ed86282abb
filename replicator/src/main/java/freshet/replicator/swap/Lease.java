package freshet.replicator.swap;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The right to use one snapshot until it is closed, whatever is switched to meanwhile. */
public final class Lease implements AutoCloseable {
  private final LiveSnapshot snapshot;
  private final Consumer<LiveSnapshot> giveBack;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(LiveSnapshot snapshot, Consumer<LiveSnapshot> giveBack) {
    this.snapshot = snapshot;
    this.giveBack = giveBack;
  }

  /** The snapshot. */
  public LiveSnapshot snapshot() {
    return snapshot;
  }

  /** Gives the snapshot back; further calls do nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      giveBack.accept(snapshot);
    }
  }
}
