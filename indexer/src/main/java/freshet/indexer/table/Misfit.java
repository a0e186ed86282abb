package freshet.indexer.table;

/** A value that does not fit its field; the message says why. */
final class Misfit extends Exception {
  private static final long serialVersionUID = 1L;

  Misfit(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
