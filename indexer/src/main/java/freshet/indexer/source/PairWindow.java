package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which (version, key) pairs of one table were read already, of those inside the overlap and of
 * those that the cursor may not pass yet. It takes about 150 bytes a pair.
 *
 * @param seen pairs that need not be read again
 * @param unsettled those of them that are read once more before they are done with, since their
 *     version does not tell apart two updates within one tick, or since the row that a tombstone
 *     says was deleted existed
 */
public record PairWindow(NavigableSet<Cursor> seen, NavigableSet<Cursor> unsettled) {
  /** Nothing was seen. */
  public static final PairWindow UNSEEN = new PairWindow(new TreeSet<>(), new TreeSet<>());

  /** Wraps the sets, which must not change any more. */
  public PairWindow {
    seen = Collections.unmodifiableNavigableSet(seen);
    unsettled = Collections.unmodifiableNavigableSet(unsettled);
  }
}
