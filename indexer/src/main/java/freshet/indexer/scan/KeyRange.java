package freshet.indexer.scan;

import freshet.replicator.snapshot.DocumentKey;

/**
 * A stretch of the table in the order that the database gives keys, which need not be that of their
 * bytes.
 *
 * @param after exclusive; the empty key is the start of the table
 * @param upTo inclusive; the empty key is the end of the table
 */
public record KeyRange(DocumentKey after, DocumentKey upTo) {
  /** The whole table. */
  public static final KeyRange ALL = new KeyRange(DocumentKey.EMPTY, DocumentKey.EMPTY);

  /** What is left of it behind a key in it. */
  public KeyRange startingAfter(DocumentKey key) {
    return new KeyRange(key, upTo);
  }
}
