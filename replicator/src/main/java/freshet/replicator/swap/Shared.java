package freshet.replicator.swap;

import java.io.Closeable;
import java.io.IOException;

/**
 * A resource with several holders, which is closed when the last of them lets go. Begins with one
 * holder. Thread-safe.
 */
final class Shared<T extends Closeable> {
  private final T value;
  private int holders = 1;

  Shared(T value) {
    this.value = value;
  }

  T get() {
    return value;
  }

  /** One holder more; only somebody who holds it may add another. */
  synchronized Shared<T> retain() {
    if (holders == 0) {
      throw new IllegalStateException(value + " was closed already");
    }
    holders++;
    return this;
  }

  /** One holder less. */
  void release() throws IOException {
    synchronized (this) {
      if (holders == 0) {
        throw new IllegalStateException(value + " was let go more often than it was held");
      }
      holders--;
      if (holders > 0) {
        return;
      }
    }
    value.close();
  }
}
