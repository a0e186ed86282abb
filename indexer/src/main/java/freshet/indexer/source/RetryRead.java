package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.replicator.snapshot.DocumentKey;
import java.util.List;
import java.util.Map;

/** Reads rows again that were set aside, wherever their versions lie. */
final class RetryRead {
  private final List<DocumentKey> keys;
  private final PageReader reader;
  private final BatchDraft draft;

  RetryRead(List<DocumentKey> keys, PageReader reader, BatchDraft draft) {
    this.keys = List.copyOf(keys);
    this.reader = reader;
    this.draft = draft;
  }

  /** Whether all were read. */
  boolean read() throws SourceException {
    for (List<DocumentKey> some : KeyChunks.of(keys)) {
      if (draft.mustEnd()) {
        return false;
      }
      Map<DocumentKey, Row> rows = reader.lookUp(some);
      for (DocumentKey key : some) {
        Row row = rows.get(key);
        if (row == null) {
          draft.noteAbsent(key, Origin.RETRY);
        } else {
          draft.note(row, Origin.RETRY);
        }
      }
    }
    return true;
  }
}
