package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells by what is indexed which pairs have to be read, where the window has forgotten them.
 *
 * @param seen the window
 * @param stored what is indexed
 */
record ForgottenPairs(SeenPairs seen, StoredDocuments stored) {
  private static final Logger LOG = LoggerFactory.getLogger(ForgottenPairs.class);

  /**
   * Those of a page that were not seen, but for those that were forgotten and need not be read.
   *
   * @param needsRead asked of each that was forgotten, with the versions that are indexed
   */
  List<Cursor> toRead(List<Cursor> page, BiPredicate<Cursor, Set<Long>> needsRead) {
    List<Cursor> unseen = page.stream().filter(pair -> !seen.isSeen(pair)).toList();
    List<Cursor> forgotten = unseen.stream().filter(seen::isForgotten).toList();
    if (forgotten.isEmpty()) {
      return unseen;
    }
    Map<DocumentKey, Set<Long>> indexed = new HashMap<>();
    try {
      for (List<Cursor> some : KeyChunks.of(forgotten)) {
        indexed.putAll(stored.versions(KeyChunks.keys(some)));
      }
    } catch (IOException e) {
      LOG.warn("the index can't be read to compare what was seen with it: {}", e.toString(), e);
      return unseen;
    }
    return unseen.stream()
        .filter(
            pair ->
                !seen.isForgotten(pair)
                    || needsRead.test(pair, indexed.getOrDefault(pair.key(), Set.of())))
        .toList();
  }
}
