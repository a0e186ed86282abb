package freshet.indexer.table;

import freshet.replicator.snapshot.DocumentKey;

/** What a row of the documents' table turned out to be. */
public sealed interface Row {

  DocumentKey key();

  /** In microseconds since 1970 UTC. */
  long version();

  /**
   * A document.
   *
   * @param document its content
   * @param bytes of its text, about
   */
  record Found(SourceDocument document, long bytes) implements Row {
    @Override
    public DocumentKey key() {
      return document.key();
    }

    @Override
    public long version() {
      return document.version();
    }
  }

  /** It exists, but is not to be searched. */
  record NotSearchable(DocumentKey key, long version) implements Row {}

  /** It can't become a document, and was set aside. */
  record Unfit(DocumentKey key, long version) implements Row {}

  /** It had this version a moment ago, and has another one now, or none. */
  record Gone(DocumentKey key, long version) implements Row {}
}
