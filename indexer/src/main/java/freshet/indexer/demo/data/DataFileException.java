package freshet.indexer.demo.data;

/**
 * The data file can't be loaded. The message names the file, the line, what is wrong and the fix.
 */
public final class DataFileException extends Exception {
  private static final long serialVersionUID = 1L;

  DataFileException(String message) {
    super(message);
  }

  DataFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
