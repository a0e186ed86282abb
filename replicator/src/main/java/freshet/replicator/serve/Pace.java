package freshet.replicator.serve;

import freshet.replicator.http.Transfer;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets bytes out at a rate, which may change at any time, in the order in which they are asked for.
 * Thread-safe.
 */
final class Pace {
  private static final long SECOND = 1_000_000_000L;

  /** At most this much is made up for, should a wait have taken longer than it was meant to. */
  private static final long LATE_NANOS = 10_000_000L;

  /** A chunk takes this part of a second at most, so that nobody behind it waits for long. */
  private static final int CHUNKS_A_SECOND = 200;

  private static final int LEAST_CHUNK = 1 << 10;

  private final ReentrantLock turn = new ReentrantLock(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Time time;
  private double bytesPerSecond = Double.POSITIVE_INFINITY;
  private long freeAt;

  private long sent;
  private long windowFrom;
  private long windowBytes;
  private double windowRate;

  Pace(Time time) {
    this.time = time;
    this.freeAt = time.nanoTime();
    this.windowFrom = freeAt;
  }

  /** Changes the rate. */
  void limit(double to) {
    lock.lock();
    try {
      bytesPerSecond = to;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the turn of some bytes, as {@link Transfer#next}. */
  int next(long left) throws InterruptedException {
    if (!isLimited()) {
      return let(left);
    }
    // One at a time waits for its moment, the others for it: a rate that is lowered counts at once,
    // however many there are.
    turn.lockInterruptibly();
    try {
      long wait = untilFree();
      if (wait > 0) {
        time.sleep(Duration.ofNanos(wait));
      }
      return let(left);
    } finally {
      turn.unlock();
    }
  }

  private boolean isLimited() {
    lock.lock();
    try {
      return bytesPerSecond < Double.POSITIVE_INFINITY;
    } finally {
      lock.unlock();
    }
  }

  private long untilFree() {
    lock.lock();
    try {
      return freeAt - time.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private int let(long left) {
    lock.lock();
    try {
      long now = time.nanoTime();
      int chunk = (int) Math.min(left, chunk());
      freeAt = Math.max(freeAt, now - LATE_NANOS) + (long) (chunk / bytesPerSecond * SECOND);
      count(now, chunk);
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes a second that were let out lately: in the last whole second, or since then. */
  double sentPerSecond() {
    lock.lock();
    try {
      count(time.nanoTime(), 0);
      long elapsed = time.nanoTime() - windowFrom;
      double now = elapsed == 0 ? 0 : windowBytes / (elapsed / (double) SECOND);
      // Early in a second the current one says little.
      return elapsed < SECOND / 4 ? Math.max(windowRate, now) : Math.max(now, windowRate / 2);
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that were let out since the start. */
  long sent() {
    lock.lock();
    try {
      return sent;
    } finally {
      lock.unlock();
    }
  }

  private long chunk() {
    double fair = bytesPerSecond / CHUNKS_A_SECOND;
    return (long) Math.clamp(fair, LEAST_CHUNK, Transfer.MAX_CHUNK_BYTES);
  }

  private void count(long now, int bytes) {
    sent += bytes;
    long elapsed = now - windowFrom;
    if (elapsed >= SECOND) {
      windowRate = windowBytes / (elapsed / (double) SECOND);
      windowBytes = 0;
      windowFrom = now;
    }
    windowBytes += bytes;
  }
}
