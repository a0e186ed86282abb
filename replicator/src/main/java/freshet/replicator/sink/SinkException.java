package freshet.replicator.sink;

import org.jspecify.annotations.Nullable;

/** A message that did not arrive. */
public final class SinkException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isRefusal;

  private SinkException(String message, boolean isRefusal, @Nullable Throwable cause) {
    super(message, cause);
    this.isRefusal = isRefusal;
  }

  /** The other side was not reached, or has a bad day. */
  static SinkException failed(String message, @Nullable Throwable cause) {
    return new SinkException(message, false, cause);
  }

  /** The other side took note of this very message, and does not want it. */
  static SinkException refused(String message) {
    return new SinkException(message, true, null);
  }

  /** Whether the same message would hardly be taken later. */
  public boolean isRefusal() {
    return isRefusal;
  }
}
