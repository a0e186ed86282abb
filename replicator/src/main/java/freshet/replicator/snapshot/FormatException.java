package freshet.replicator.snapshot;

import java.io.IOException;

/** Bytes that are no valid file of the format, or of a version that this build can't read. */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean isNewer;

  /** With what was read, the fault and where possible the fix. */
  public FormatException(String message) {
    super(message);
    this.isNewer = false;
  }

  /** The same with the cause. */
  public FormatException(String message, Throwable cause) {
    super(message, cause);
    this.isNewer = false;
  }

  private FormatException(boolean isNewer, String message) {
    super(message);
    this.isNewer = isNewer;
  }

  /** Bytes that only a newer build can read. */
  static FormatException newer(String message) {
    return new FormatException(true, message);
  }

  /** Whether nothing is damaged, and a newer build could read them. */
  public boolean isNewer() {
    return isNewer;
  }
}
