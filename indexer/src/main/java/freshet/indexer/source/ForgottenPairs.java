package freshet.indexer.source;

import freshet.indexer.table.Row;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells by what is indexed which pairs have to be read, where the window has forgotten them. */
final class ForgottenPairs {
  private static final Logger LOG = LoggerFactory.getLogger(ForgottenPairs.class);

  private final SeenPairs seen;
  private final StoredDocuments stored;
  private final Map<DocumentKey, Set<Long>> toCompare = new HashMap<>();

  /**
   * One table's in one poll.
   *
   * @param seen the window
   * @param stored what is indexed
   */
  ForgottenPairs(SeenPairs seen, StoredDocuments stored) {
    this.seen = seen;
    this.stored = stored;
  }

  /**
   * Those of a page that were not seen, but for those that were forgotten and need not be read.
   *
   * @param needsRead asked of each that was forgotten, with the versions that are indexed
   */
  List<Cursor> toRead(List<Cursor> page, BiPredicate<Cursor, Set<Long>> needsRead) {
    List<Cursor> unseen = seen.unseenOf(page);
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
    List<Cursor> toRead = new ArrayList<>();
    for (Cursor pair : unseen) {
      Set<Long> versions = indexed.getOrDefault(pair.key(), Set.of());
      if (!seen.isForgotten(pair)) {
        toRead.add(pair);
      } else if (needsRead.test(pair, versions)) {
        toRead.add(pair);
        toCompare.put(pair.key(), versions);
      }
    }
    return toRead;
  }

  /**
   * Whether a row that was read for a pair is news. One that the index has already would be read
   * again by each poll: a batch full of those would never let the poll get further.
   */
  boolean isNews(Cursor pair, Row row) {
    Set<Long> indexed = toCompare.remove(pair.key());
    if (indexed == null || seen.isReadDespiteVersion(pair)) {
      return true;
    }
    return switch (row) {
      case Row.Found found -> !indexed.equals(Set.of(found.version()));
      case Row.NotSearchable hidden -> !indexed.isEmpty();
      case Row.Unfit unfit -> true;
      case Row.Gone gone -> true;
    };
  }
}
