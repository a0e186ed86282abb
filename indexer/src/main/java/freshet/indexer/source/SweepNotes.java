package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.util.HashSet;
import java.util.Set;

/**
 * What a sweep of one table keeps in memory from poll to poll, so that it does not look up again
 * what legitimately differs, and calls rescued only what was really indexed in the end.
 */
final class SweepNotes {
  /** About 15 MB. Beyond it all is forgotten, and looked up once more. */
  private static final int MOST = 100_000;

  private final Set<Cursor> explained = new HashSet<>();
  private Set<Cursor> claimed = new HashSet<>();

  /** The pair differs from the index for a reason that stays until its version changes. */
  void explain(Cursor pair) {
    if (explained.size() >= MOST) {
      explained.clear();
    }
    explained.add(pair);
  }

  boolean isExplained(Cursor pair) {
    return explained.contains(pair);
  }

  /** The pair's row is part of this poll's batch; whether it gets indexed shows in the next. */
  void claim(Cursor pair) {
    claimed.add(pair);
  }

  /** Hands over what the last poll claimed. */
  Set<Cursor> takeClaimed() {
    Set<Cursor> last = claimed;
    claimed = new HashSet<>();
    return last;
  }
}
