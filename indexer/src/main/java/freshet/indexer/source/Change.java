package freshet.indexer.source;

import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.DocumentKey;

/** What became of one document, by the last read of a poll. */
public sealed interface Change {

  /** The document's key. */
  DocumentKey key();

  /** How the poll came upon it. */
  Origin origin();

  /** The document exists, with this content. */
  record Upsert(SourceDocument document, Origin origin) implements Change {
    @Override
    public DocumentKey key() {
      return document.key();
    }
  }

  /** The document does not exist, or is not to be searched. */
  record Deletion(DocumentKey key, Origin origin) implements Change {}

  /** How a poll comes upon a change. */
  enum Origin {
    /** It lies after the cursor. */
    CURSOR,
    /** It lies before the cursor, inside the overlap: a transaction that committed late. */
    OVERLAP,
    /** A tombstone names it. */
    TOMBSTONE,
    /** A row of a side table changed it. */
    SIDE,
    /** It was set aside, and somebody asked for it to be read again. */
    RETRY,
    /** The sweep found it: its transaction committed later than the overlap reaches. */
    SWEEP,
    /** The id diff found it: missing, outdated, or a ghost. */
    DIFF
  }
}
