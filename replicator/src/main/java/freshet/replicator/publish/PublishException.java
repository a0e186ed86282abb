package freshet.replicator.publish;

import freshet.replicator.snapshot.City;

/**
 * A publication that did not happen. LATEST names what it named before, or, after {@link
 * DiskFailed}, possibly the new snapshot: the publisher finds out by itself on its next call.
 */
public abstract sealed class PublishException extends Exception {
  private static final long serialVersionUID = 1L;

  private PublishException(String message) {
    super(message);
  }

  private PublishException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether the same call may succeed later by itself. */
  public abstract boolean isTransient();

  /** Another master owns the repository: this one must stop publishing, for good. */
  public static final class Fenced extends PublishException {
    private static final long serialVersionUID = 1L;

    Fenced(String message) {
      super(message);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /**
   * The repository was deleted or restored under a running publisher. Opening a new publisher takes
   * a new epoch and goes on.
   */
  public static final class Replaced extends PublishException {
    private static final long serialVersionUID = 1L;

    Replaced(String message) {
      super(message);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** A city's commit is not what it says. Nothing was advertised. */
  public static final class GateClosed extends PublishException {
    private static final long serialVersionUID = 1L;

    private final City city;

    GateClosed(City city, String message) {
      super(message);
      this.city = city;
    }

    GateClosed(City city, String message, Throwable cause) {
      super(message, cause);
      this.city = city;
    }

    /** The city that failed. */
    public City city() {
      return city;
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** LATEST or a manifest that it stands on can't be read. */
  public static final class Damaged extends PublishException {
    private static final long serialVersionUID = 1L;

    Damaged(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** Another process holds the repository's lock for longer than it should. */
  public static final class Busy extends PublishException {
    private static final long serialVersionUID = 1L;

    Busy(String message) {
      super(message);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** Reading or writing failed: a full disk, a lost mount, an I/O error. */
  public static final class DiskFailed extends PublishException {
    private static final long serialVersionUID = 1L;

    DiskFailed(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }
}
