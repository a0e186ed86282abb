package freshet.indexer.source;

import freshet.indexer.table.PageReader;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;

/**
 * What the phases of one poll share.
 *
 * @param reader of the table
 * @param stored what is indexed
 * @param draft what they gather
 */
record PollReads(PageReader reader, StoredDocuments stored, BatchDraft draft) {

  /** Whether it is certain that nothing is indexed. */
  boolean isIndexEmpty() {
    try {
      return stored.keysAfter(DocumentKey.EMPTY, 1).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }
}
