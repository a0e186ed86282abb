package freshet.indexer.table;

/**
 * A column that is not as the configuration takes it.
 *
 * @param what is wrong
 * @param evidence why that is thought
 * @param fix how to put it right
 */
public record ColumnFault(String what, String evidence, String fix) {

  /** All three. */
  public String message() {
    return what + ": " + evidence + "; " + fix;
  }
}
