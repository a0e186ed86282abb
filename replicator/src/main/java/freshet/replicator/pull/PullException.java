package freshet.replicator.pull;

import freshet.replicator.remote.RemoteException;
import freshet.replicator.runtime.IoReason;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A pull that failed, by what went wrong. The store still shows the snapshot that it had; what was
 * fetched is kept for the next pull.
 */
public abstract sealed class PullException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isTransient;

  private PullException(String message, boolean isTransient, @Nullable Throwable cause) {
    super(message, cause);
    this.isTransient = isTransient;
  }

  /** Whether another attempt may succeed by itself. */
  public final boolean isTransient() {
    return isTransient;
  }

  /** What a failed read or write of remote or store means for the pull. */
  static PullException of(IOException e, Path store) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case RemoteException.NotFound gone -> new Superseded(message, gone);
      case RemoteException.Closed closed -> new Stopped(message, closed);
      case RemoteException.Denied denied -> new Denied(message, denied);
      case RemoteException.Unexpected odd -> new Denied(message, odd);
      case RemoteException other -> new Unavailable(message, other);
      default ->
          new StoreFailed(
              "the store %s can't be read or written: %s".formatted(store, IoReason.of(e)), e);
    };
  }

  /** The remote did not answer, or not to the end. */
  public static final class Unavailable extends PullException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, true, cause);
    }
  }

  /** What was being pulled is no longer there: most likely it was collected. */
  public static final class Superseded extends PullException {
    private static final long serialVersionUID = 1L;

    public Superseded(String message, Throwable cause) {
      super(message, true, cause);
    }
  }

  /**
   * The remote's bytes are not what their digest says. Transient: another attempt may meet a healed
   * or another copy.
   */
  public static final class Damaged extends PullException {
    private static final long serialVersionUID = 1L;

    public Damaged(String message, @Nullable Throwable cause) {
      super(message, true, cause);
    }
  }

  /** The remote refused us, or is no repository. */
  public static final class Denied extends PullException {
    private static final long serialVersionUID = 1L;

    public Denied(String message, Throwable cause) {
      super(message, false, cause);
    }
  }

  /** The store's disk failed. Transient: a full disk may have room later. */
  public static final class StoreFailed extends PullException {
    private static final long serialVersionUID = 1L;

    public StoreFailed(String message, Throwable cause) {
      super(message, true, cause);
    }
  }

  /** Another process pulls into this store. */
  public static final class InUse extends PullException {
    private static final long serialVersionUID = 1L;

    public InUse(String message) {
      super(message, true, null);
    }
  }

  /** A stop was requested. */
  public static final class Stopped extends PullException {
    private static final long serialVersionUID = 1L;

    public Stopped(String message, @Nullable Throwable cause) {
      super(message, false, cause);
    }
  }
}
