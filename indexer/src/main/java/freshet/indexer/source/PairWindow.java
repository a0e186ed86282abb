package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which (version, key) pairs of one table were read already, of those inside the overlap and of
 * those that the cursor may not pass yet. It takes about 150 bytes a pair, so there is a most of
 * them: beyond it the oldest are forgotten.
 *
 * @param seen pairs that need not be read again
 * @param unsettled those of them that are read once more before they are done with, since their
 *     version does not tell apart two updates within one tick, or since the row that a tombstone
 *     says was deleted existed
 * @param forgotten the last pair that was forgotten: up to it only what is indexed tells what was
 *     read
 * @param settled up to here every pair was read once more that no transaction is waited for any
 *     more
 */
public record PairWindow(
    NavigableSet<Cursor> seen, NavigableSet<Cursor> unsettled, Cursor forgotten, Cursor settled) {
  /** Nothing was seen. */
  public static final PairWindow UNSEEN =
      new PairWindow(new TreeSet<>(), new TreeSet<>(), Cursor.START, Cursor.START);

  /** Wraps the sets, which must not change any more. */
  public PairWindow {
    seen = Collections.unmodifiableNavigableSet(seen);
    unsettled = Collections.unmodifiableNavigableSet(unsettled);
  }
}
