package freshet.replicator.archive;

/** An export or import that did not happen. No repository has changed. */
public abstract sealed class ArchiveException extends Exception {
  private static final long serialVersionUID = 1L;

  private ArchiveException(String message) {
    super(message);
  }

  private ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The archive, or the snapshot that was to become one, is not what it should be. */
  public static final class Damaged extends ArchiveException {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }

    Damaged(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** All is whole, and would not fit what is there already. */
  public static final class Refused extends ArchiveException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** There is not enough space. */
  public static final class LowDisk extends ArchiveException {
    private static final long serialVersionUID = 1L;

    LowDisk(String message) {
      super(message);
    }
  }

  /** Another process works on the repository. */
  public static final class InUse extends ArchiveException {
    private static final long serialVersionUID = 1L;

    InUse(String message) {
      super(message);
    }
  }
}
