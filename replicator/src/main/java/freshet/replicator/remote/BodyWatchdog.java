package freshet.replicator.remote;

import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** One thread that looks after all bodies of a remote. */
final class BodyWatchdog implements AutoCloseable {
  private static final Duration SHORTEST_TICK = Duration.ofMillis(10);
  private static final Duration LONGEST_TICK = Duration.ofMillis(250);

  private final RemoteOptions options;
  private final Time time;
  private final Duration tick;
  private final Set<WatchedStream> open = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean isClosed;

  BodyWatchdog(RemoteOptions options, Time time) {
    this.options = options;
    this.time = time;
    Duration quarter = options.bodyGap().dividedBy(4);
    Duration atLeast = quarter.compareTo(SHORTEST_TICK) < 0 ? SHORTEST_TICK : quarter;
    this.tick = atLeast.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : atLeast;
    this.thread = Workers.thread("remote-watchdog", this::run);
    thread.start();
  }

  /**
   * The body under the deadlines, until it is closed.
   *
   * @param counter hears how many bytes came
   */
  InputStream watch(InputStream body, String what, LongConsumer counter) {
    WatchedStream stream = new WatchedStream(body, what, options, time, counter, open::remove);
    open.add(stream);
    if (isClosed) {
      cutAll();
    }
    return stream;
  }

  @Override
  public void close() {
    isClosed = true;
    // It only ever sleeps, so that an interrupt can hit nothing else.
    thread.interrupt();
    cutAll();
  }

  private void cutAll() {
    open.forEach(stream -> stream.cut(new RemoteException.Closed("the remote was closed here")));
  }

  private void run() {
    try {
      while (!isClosed) {
        time.sleep(tick);
        open.forEach(WatchedStream::check);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
