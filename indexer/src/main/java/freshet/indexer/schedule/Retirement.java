package freshet.indexer.schedule;

/** What came of taking a city out. */
public sealed interface Retirement {

  /** It is gone: there is no working index, and what is published does not name it. */
  record Done() implements Retirement {}

  /**
   * Refused: it has documents.
   *
   * @param documents how many
   */
  record HasDocuments(long documents) implements Retirement {}

  /**
   * It is to be tried again.
   *
   * @param reason what it waits for
   */
  record Later(String reason) implements Retirement {}
}
