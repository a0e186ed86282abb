package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** The window of one table while a poll changes its own copy of it. Decides what counts as seen. */
final class SeenPairs {
  private final WindowRules rules;
  private final NavigableSet<Cursor> seen;
  private final NavigableSet<Cursor> unsettled;

  /**
   * Copies the window of an earlier poll.
   *
   * @param from where this poll resumes; what lies before its floor is not looked at any more
   */
  SeenPairs(WindowRules rules, Cursor from, PairWindow window) {
    this.rules = rules;
    this.seen = new TreeSet<>(window.seen().tailSet(rules.floor(from), true));
    if (!rules.isFine()) {
      rules.aroundHorizon(seen).clear();
    }
    this.unsettled = new TreeSet<>(window.unsettled());
  }

  boolean isSeen(Cursor pair) {
    return seen.contains(pair);
  }

  /** Those whose last read is due. */
  List<Cursor> due() {
    List<Cursor> due = new ArrayList<>();
    for (Cursor pair : unsettled) {
      if (!rules.isOver(pair.version())) {
        break;
      }
      due.add(pair);
    }
    return due;
  }

  /** Those that will be read again. */
  List<Cursor> unsettled() {
    return List.copyOf(unsettled);
  }

  /** The row was read with this version just now. */
  void sawRow(Cursor pair) {
    saw(pair, rules.isFine());
  }

  /** The tombstone's key was looked up just now. */
  void sawTombstone(Cursor pair, boolean rowExists) {
    saw(pair, rules.isFine() && !rowExists);
  }

  private void saw(Cursor pair, boolean isEnough) {
    if (rules.isYoung(pair.version())) {
      forget(pair);
      return;
    }
    seen.add(pair);
    if (isEnough || rules.isOver(pair.version())) {
      unsettled.remove(pair);
    } else {
      unsettled.add(pair);
    }
  }

  /** The pair is not there any more; should it come back, it is new. */
  void forget(Cursor pair) {
    seen.remove(pair);
    unsettled.remove(pair);
  }

  /**
   * Forgets pairs after a place that are not there any more: a stamp of the future that was
   * corrected would stay for ever, and hide the row should it get the same stamp again.
   */
  void retainAfter(Cursor place, Set<Cursor> present) {
    seen.tailSet(place, false).retainAll(present);
    unsettled.tailSet(place, false).retainAll(present);
  }

  /** What the next poll need not read again, once this one's batch is published. */
  PairWindow window() {
    return new PairWindow(seen, unsettled);
  }
}
