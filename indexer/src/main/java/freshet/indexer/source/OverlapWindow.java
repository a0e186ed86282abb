package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which (version, key) pairs were read already, of those inside the overlap and of those that the
 * cursor may not pass yet. A value: the cycle keeps the one of its last batch that was published,
 * and throws it away when anything failed, so that nothing counts as seen that is not in a
 * published index. It takes about 150 bytes a pair.
 *
 * @param changes pairs of the documents' table
 * @param deletions pairs of the tombstones
 * @param unsettledChanges those of {@code changes} that are read once more before they are done
 *     with, since their version does not tell apart two updates within one tick
 * @param unsettledDeletions those of {@code deletions} that are looked up again, for the same
 *     reason or because the row that they say was deleted existed
 */
public record OverlapWindow(
    NavigableSet<Cursor> changes,
    NavigableSet<Cursor> deletions,
    NavigableSet<Cursor> unsettledChanges,
    NavigableSet<Cursor> unsettledDeletions) {
  /** Nothing was seen: everything in the overlap is read again, and dropped where it is equal. */
  public static final OverlapWindow UNSEEN =
      new OverlapWindow(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  /** Wraps the sets, which must not change any more. */
  public OverlapWindow {
    changes = Collections.unmodifiableNavigableSet(changes);
    deletions = Collections.unmodifiableNavigableSet(deletions);
    unsettledChanges = Collections.unmodifiableNavigableSet(unsettledChanges);
    unsettledDeletions = Collections.unmodifiableNavigableSet(unsettledDeletions);
  }
}
