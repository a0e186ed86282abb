package freshet.indexer.session;

import org.jspecify.annotations.Nullable;

/**
 * A poll that failed, by what went wrong. Retrying, alerting and exit codes follow the class, never
 * the text.
 */
public abstract sealed class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private SourceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether another attempt, perhaps on another server, may succeed by itself. */
  public abstract boolean isTransient();

  /** No server answered: name, route or port. */
  public static final class Unreachable extends SourceException {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** The connection ended while it was being made, after TCP stood. */
  public static final class HandshakeLost extends SourceException {
    private static final long serialVersionUID = 1L;

    public HandshakeLost(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** The connection was not made within its deadline, after TCP stood. */
  public static final class HandshakeTimedOut extends SourceException {
    private static final long serialVersionUID = 1L;

    public HandshakeTimedOut(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** The server has no connection to spare. */
  public static final class TooManyConnections extends SourceException {
    private static final long serialVersionUID = 1L;

    public TooManyConnections(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** The connection ended in the middle of a query. */
  public static final class LostDuringQuery extends SourceException {
    private static final long serialVersionUID = 1L;

    public LostDuringQuery(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** A query went on without a row, or as a whole, for longer than its deadline. */
  public static final class Stalled extends SourceException {
    private static final long serialVersionUID = 1L;

    public Stalled(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** The server is going down. */
  public static final class ShuttingDown extends SourceException {
    private static final long serialVersionUID = 1L;

    public ShuttingDown(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** The server is another one than before, or in another role, and can't be polled yet. */
  public static final class RoleSwapped extends SourceException {
    private static final long serialVersionUID = 1L;

    public RoleSwapped(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** A row or statement is larger than max_allowed_packet. */
  public static final class PacketTooLarge extends SourceException {
    private static final long serialVersionUID = 1L;

    public PacketTooLarge(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** Wrong account, password or privilege. */
  public static final class AccessDenied extends SourceException {
    private static final long serialVersionUID = 1L;

    public AccessDenied(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** A table or column is missing or of another type than configured. */
  public static final class SchemaError extends SourceException {
    private static final long serialVersionUID = 1L;

    public SchemaError(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** A stop was requested while the poll ran. */
  public static final class Stopped extends SourceException {
    private static final long serialVersionUID = 1L;

    public Stopped(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }
}
