package freshet.indexer.bulk;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.DocumentKey;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a load had come when all its indexes were committed last.
 *
 * @param schema of the indexes
 * @param firstPage the number of the first page that is not in them
 * @param documents that were added before that page
 * @param reached the last key of each range before that page
 */
record LoadState(
    Digest schema, long firstPage, long documents, SortedMap<Integer, DocumentKey> reached) {

  /** Copies the map. */
  LoadState {
    reached = Collections.unmodifiableSortedMap(new TreeMap<>(reached));
  }

  /** Before anything was added. */
  static LoadState start(Digest schema) {
    return new LoadState(schema, 0, 0, new TreeMap<>(Map.of()));
  }
}
