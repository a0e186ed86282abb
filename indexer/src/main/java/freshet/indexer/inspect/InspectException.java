package freshet.indexer.inspect;

/** A table that can't be indexed as it was asked for. */
public final class InspectException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a message that says what would do. */
  public InspectException(String message) {
    super(message);
  }
}
