package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The window of one table while a poll changes its own copy of it. Decides what counts as seen.
 *
 * <p>Where there are more pairs than it may hold, the oldest are forgotten. What was forgotten, and
 * what commits late among that, is told by two rules: who can compare it with the index reads what
 * differs; and what a version alone does not tell is read once when it is over, which is when its
 * last read would have been due.
 */
final class SeenPairs {
  private final WindowRules rules;
  private final NavigableSet<Cursor> seen;
  private final NavigableSet<Cursor> unsettled;
  private final Cursor from;
  private final int most;
  private Cursor forgotten;
  private Cursor settled;

  /**
   * Copies the window of an earlier poll.
   *
   * @param from where this poll resumes; what lies before its floor is not looked at any more
   * @param most how many pairs it may hold
   */
  SeenPairs(WindowRules rules, Cursor from, PairWindow window, int most) {
    this.from = from;
    this.most = most;
    this.forgotten = window.forgotten();
    this.settled = window.settled();
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

  /**
   * Those of a page that were not seen. Both are walked at once, since a page comes in about the
   * order of the pairs: a window may hold hundreds of thousands, which each poll reads.
   */
  List<Cursor> unseenOf(List<Cursor> page) {
    if (page.isEmpty()) {
      return List.of();
    }
    List<Cursor> unseen = new ArrayList<>();
    PeekingCursors known = new PeekingCursors(seen.tailSet(page.getFirst(), true).iterator());
    for (Cursor pair : page) {
      if (!known.isNext(pair) && !seen.contains(pair)) {
        unseen.add(pair);
      }
    }
    return unseen;
  }

  /** Whether this window can't tell that the pair was seen, since it had no room. */
  boolean isForgotten(Cursor pair) {
    return pair.compareTo(forgotten) <= 0 && !seen.contains(pair) && !rules.isYoung(pair.version());
  }

  /** Whether the last read of a pair that was forgotten is due. */
  boolean isLastReadDue(Cursor pair) {
    return rules.isOver(pair.version()) && pair.compareTo(settled) > 0;
  }

  /** Whether a pair whose version is indexed has to be read nevertheless. */
  boolean isReadDespiteVersion(Cursor pair) {
    return !rules.isFine() && isLastReadDue(pair);
  }

  /**
   * Everything up to these pairs was looked at, and read where it had to be. What lies after the
   * place where the poll resumed is settled by a later poll.
   */
  void settle(List<Cursor> pairs) {
    for (Cursor pair : pairs) {
      if (pair.compareTo(from) <= 0 && isLastReadDue(pair)) {
        settled = pair;
      }
    }
  }

  /** Whether pairs were forgotten that a poll that resumes here looks at again. */
  boolean hasForgotten(Cursor cursor) {
    return forgotten.compareTo(rules.floor(cursor)) > 0;
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
    while (seen.size() > most) {
      Cursor oldest = seen.removeFirst();
      unsettled.remove(oldest);
      forgotten = oldest.compareTo(forgotten) > 0 ? oldest : forgotten;
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
    return new PairWindow(seen, unsettled, forgotten, settled);
  }

  /** Pairs in their order. */
  private static final class PeekingCursors {
    private final Iterator<Cursor> rest;
    private @Nullable Cursor next;

    PeekingCursors(Iterator<Cursor> rest) {
      this.rest = rest;
      this.next = rest.hasNext() ? rest.next() : null;
    }

    /** Whether this pair comes next, once all before it are passed. */
    boolean isNext(Cursor pair) {
      while (next != null && next.compareTo(pair) < 0) {
        next = rest.hasNext() ? rest.next() : null;
      }
      return pair.equals(next);
    }
  }
}
