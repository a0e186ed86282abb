package freshet.indexer.build;

import org.jspecify.annotations.Nullable;

/** Why working indexes could not be used, by what has to be done. */
public abstract sealed class BuildException extends Exception {
  private static final long serialVersionUID = 1L;

  private BuildException(String message) {
    super(message);
  }

  private BuildException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether the same call may succeed later by itself. */
  public abstract boolean isTransient();

  /** What is published was built by another schema, and the two must not mix. */
  public static final class SchemaChanged extends BuildException {
    private static final long serialVersionUID = 1L;

    /** With what was found, what was expected, and the fix. */
    public SchemaChanged(String message) {
      super(message);
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** The working folder can't be read or written. */
  public static final class WorkFailed extends BuildException {
    private static final long serialVersionUID = 1L;

    /** With what was attempted. */
    public WorkFailed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }

  /** A city takes longer than its time, and may have all of its batch yet. */
  public static final class Overdue extends BuildException {
    private static final long serialVersionUID = 1L;

    /** With the city, the time, and the fix. */
    public Overdue(String message) {
      super(message);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }
}
