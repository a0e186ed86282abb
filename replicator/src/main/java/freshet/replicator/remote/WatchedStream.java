package freshet.replicator.remote;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A body whose reads have deadlines. Only time spent waiting for the other side counts, so that a
 * slow disk here is not taken for a slow peer. A read that hangs is ended by closing the body from
 * the watchdog's thread: the JDK's client knows no deadline once the headers are there.
 */
final class WatchedStream extends InputStream {
  private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

  private final InputStream body;
  private final String what;
  private final RemoteOptions options;
  private final Time time;
  private final LongConsumer counter;
  private final Consumer<WatchedStream> onClose;

  private boolean isReading;
  private long readSince;
  private long windowWaitedNanos;
  private long windowBytes;
  private @Nullable RemoteException cut;

  WatchedStream(
      InputStream body,
      String what,
      RemoteOptions options,
      Time time,
      LongConsumer counter,
      Consumer<WatchedStream> onClose) {
    this.body = body;
    this.what = what;
    this.options = options;
    this.time = time;
    this.counter = counter;
    this.onClose = onClose;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    begin();
    int n = -1;
    try {
      n = body.read(buffer, offset, length);
    } catch (IOException e) {
      throw cutOr(
          e instanceof RemoteException known
              ? known
              : new RemoteException.Lost("%s: the body ended early: %s".formatted(what, e), e));
    } finally {
      end(Math.max(0, n));
      counter.accept(Math.max(0, n));
    }
    if (n < 0) {
      // A body that the watchdog closed reads as one that has ended.
      failIfCut();
    }
    return n;
  }

  @Override
  public void close() throws IOException {
    onClose.accept(this);
    body.close();
  }

  /** Closes the body if its time is up. Called by the watchdog. */
  void check() {
    RemoteException reason = overdue();
    if (reason != null) {
      cut(reason);
    }
  }

  /** Ends a read that is under way, and every later one, with this. */
  void cut(RemoteException reason) {
    synchronized (this) {
      if (cut != null) {
        return;
      }
      cut = reason;
    }
    try {
      body.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private synchronized @Nullable RemoteException overdue() {
    if (!isReading) {
      return null;
    }
    Duration gap = time.since(readSince);
    if (gap.compareTo(options.bodyGap()) > 0) {
      return new RemoteException.Stalled(
          "%s: no byte for %d ms, at most %d ms are allowed"
              .formatted(what, gap.toMillis(), options.bodyGap().toMillis()));
    }
    Duration waited = gap.plusNanos(windowWaitedNanos);
    if (waited.compareTo(RATE_WINDOW) < 0) {
      return null;
    }
    double rate = windowBytes / (waited.toNanos() / 1e9);
    if (rate < options.minBytesPerSecond()) {
      return new RemoteException.Stalled(
          String.format(
              Locale.ROOT,
              "%s: %.0f bytes a second over %d s, at least %d are expected",
              what,
              rate,
              waited.toSeconds(),
              options.minBytesPerSecond()));
    }
    windowWaitedNanos = -gap.toNanos();
    windowBytes = 0;
    return null;
  }

  private synchronized void begin() throws RemoteException {
    failIfCut();
    isReading = true;
    readSince = time.nanoTime();
  }

  private synchronized void end(int bytes) {
    isReading = false;
    windowWaitedNanos += time.nanoTime() - readSince;
    windowBytes += bytes;
  }

  private synchronized RemoteException cutOr(RemoteException other) {
    return cut == null ? other : cut;
  }

  private synchronized void failIfCut() throws RemoteException {
    if (cut != null) {
      throw cut;
    }
  }
}
