package freshet.replicator.serve;

import freshet.replicator.files.Digest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bytes of LATEST as they are served, and those who wait for others. Thread-safe. */
final class LatestNotice {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Latest current;
  private boolean isClosed;

  /**
   * LATEST at one moment.
   *
   * @param bytes which nobody changes any more
   * @param etag quoted digest of the bytes
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Latest(byte[] bytes, String etag) {
    static Latest of(byte[] bytes) {
      return new Latest(bytes, "\"" + Digest.of(bytes) + "\"");
    }
  }

  /** What is served now; empty while there is none. */
  Optional<Latest> current() {
    lock.lock();
    try {
      return Optional.ofNullable(current);
    } finally {
      lock.unlock();
    }
  }

  /** Replaces it and wakes all who wait. */
  void set(@Nullable Latest latest) {
    lock.lock();
    try {
      current = latest;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets all who wait go, now and from now on. */
  void close() {
    lock.lock();
    try {
      isClosed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is one with another tag.
   *
   * @param known the tag that the caller has; null for none
   * @return what is served after that time, perhaps still the same
   */
  Optional<Latest> awaitOther(@Nullable String known, Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (left > 0 && !isClosed && (current == null || current.etag().equals(known))) {
        left = changed.awaitNanos(left);
      }
      return Optional.ofNullable(current);
    } finally {
      lock.unlock();
    }
  }

  /** How many wait. */
  int waiting() {
    lock.lock();
    try {
      return lock.getWaitQueueLength(changed);
    } finally {
      lock.unlock();
    }
  }
}
