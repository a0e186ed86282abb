package freshet.indexer.table;

/**
 * A column by which points in time would be read hours off.
 *
 * @param what is wrong
 * @param evidence why that is thought
 * @param fix how to put it right
 */
public record ZoneFault(String what, String evidence, String fix) {

  /** All three. */
  public String message() {
    return what + ": " + evidence + "; " + fix;
  }
}
