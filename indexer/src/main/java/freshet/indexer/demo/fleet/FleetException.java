package freshet.indexer.demo.fleet;

/**
 * A master or slave of the demo did not do what it is there for. The message has what its log ends
 * with where that helps.
 */
public final class FleetException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public FleetException(String message) {
    super(message);
  }

  FleetException(String message, Throwable cause) {
    super(message, cause);
  }
}
