package freshet.indexer.quarantine;

/** Where rows go that can't become documents, so that they never stop the others. */
public interface QuarantineSink {

  /**
   * Notes a row. The same row may be noted again by every poll that reads it.
   *
   * @param id its key, for people
   * @param reason why it can't become a document
   * @param retry what to do for it to be read again
   */
  void setAside(String id, String reason, String retry);
}
