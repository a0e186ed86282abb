package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which (version, key) pairs inside the overlap were read already, of rows and of tombstones. A
 * value: the cycle keeps the one of its last batch that was published, and throws it away when
 * anything failed, so that nothing counts as seen that is not in a published index.
 *
 * @param changes pairs of the documents' table
 * @param deletions pairs of the tombstones
 */
public record OverlapWindow(NavigableSet<Cursor> changes, NavigableSet<Cursor> deletions) {
  /** Nothing was seen: everything in the overlap is read again, and dropped where it is equal. */
  public static final OverlapWindow UNSEEN = new OverlapWindow(new TreeSet<>(), new TreeSet<>());

  /** Wraps the sets, which must not change any more. */
  public OverlapWindow {
    changes = Collections.unmodifiableNavigableSet(changes);
    deletions = Collections.unmodifiableNavigableSet(deletions);
  }
}
