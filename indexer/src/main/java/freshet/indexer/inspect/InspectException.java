package freshet.indexer.inspect;

/** A table that can't be indexed as it was asked for. The message says what would do. */
public final class InspectException extends Exception {
  private static final long serialVersionUID = 1L;

  InspectException(String message) {
    super(message);
  }
}
