package freshet.replicator.snapshot;

import java.io.IOException;

/** Bytes that are no valid file of the format, or of a version that this build can't read. */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what was read, the fault and where possible the fix. */
  public FormatException(String message) {
    super(message);
  }

  /** The same with the cause. */
  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
