package freshet.indexer.embedded;

/**
 * An embedded server or its replication could not be brought into the state asked for. The message
 * says what was attempted, what was found and, where there is one, the fix. Not retried by anyone:
 * the demo stops and the test fails.
 */
public final class EmbeddedDatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedDatabaseException(String message) {
    super(message);
  }

  EmbeddedDatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
