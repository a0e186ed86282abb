package freshet.replicator.remote;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A remote that did not give what it was asked for. An IOException, so that the reads of a body can
 * throw it. What to do next follows the class, never the text.
 */
public abstract sealed class RemoteException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean isTransient;

  private RemoteException(String message, boolean isTransient, @Nullable Throwable cause) {
    super(message, cause);
    this.isTransient = isTransient;
  }

  /** Whether another attempt may succeed by itself. */
  public final boolean isTransient() {
    return isTransient;
  }

  /** No answer: name, route, port, or a peer that accepts and says nothing. */
  public static final class Unreachable extends RemoteException {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, Throwable cause) {
      super(message, true, cause);
    }
  }

  /** The connection ended before the body did. */
  public static final class Lost extends RemoteException {
    private static final long serialVersionUID = 1L;

    public Lost(String message, @Nullable Throwable cause) {
      super(message, true, cause);
    }
  }

  /** The body's bytes stayed away for too long, or came too slowly. */
  public static final class Stalled extends RemoteException {
    private static final long serialVersionUID = 1L;

    public Stalled(String message) {
      super(message, true, null);
    }
  }

  /** The remote has no file of that name, or no longer. */
  public static final class NotFound extends RemoteException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super(message, true, null);
    }
  }

  /** The remote is there, but can't answer now. */
  public static final class Busy extends RemoteException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public Busy(String message, Duration retryAfter) {
      super(message, true, null);
      this.retryAfter = retryAfter;
    }

    /** When it wants to be asked again; zero if it did not say. */
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The remote wants other credentials. */
  public static final class Denied extends RemoteException {
    private static final long serialVersionUID = 1L;

    public Denied(String message) {
      super(message, false, null);
    }
  }

  /** An answer that no Freshet repository gives: a redirect, another range, too long a file. */
  public static final class Unexpected extends RemoteException {
    private static final long serialVersionUID = 1L;

    public Unexpected(String message, @Nullable Throwable cause) {
      super(message, false, cause);
    }
  }

  /** The remote was closed here, most likely since a stop was requested. */
  public static final class Closed extends RemoteException {
    private static final long serialVersionUID = 1L;

    public Closed(String message) {
      super(message, false, null);
    }
  }
}
