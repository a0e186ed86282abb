package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks through pages, a bounded number in one poll. The next poll goes on at the first page that
 * was not found right: a place is passed only once what the index holds there is what the table
 * holds, so that no failure between this poll and its publication skips anything. A page that stays
 * as it is, say for a document that the index refuses, is passed after some repeats.
 *
 * @param <K> a place
 */
final class PageWalk<K> {
  private static final int MOST_REPEATS = 2;

  /** What came of a page. */
  enum Verdict {
    /** The index holds what the table holds. */
    RIGHT,
    /** Something differed, and is part of the batch now. */
    DIFFERED,
    /** The batch was full before all of it was looked at. */
    CUT_SHORT
  }

  /**
   * A page that was compared.
   *
   * @param last where the next one follows; null if none does
   */
  record Page<K>(@Nullable K last, Verdict verdict) {}

  /** Compares the page after a place. */
  interface Pages<K> {
    Page<K> compare(K after) throws SourceException, IOException;
  }

  private K at;
  private int repeats;
  private boolean isDone;

  PageWalk(K at, int repeats) {
    this.at = at;
    this.repeats = repeats;
  }

  /** Walks on. */
  void run(int mostPages, BatchDraft draft, Pages<K> pages) throws SourceException, IOException {
    K next = at;
    K firstWrong = null;
    boolean isEnd = false;
    boolean isCutShort = false;
    for (int i = 0; i < mostPages && !isEnd && !draft.mustEnd(); i++) {
      Page<K> page = pages.compare(next);
      if (page.verdict != Verdict.RIGHT && firstWrong == null) {
        firstWrong = next;
        isCutShort = page.verdict == Verdict.CUT_SHORT;
      }
      isEnd = page.last == null;
      next = page.last == null ? next : page.last;
    }
    if (firstWrong == null) {
      moveTo(next, isEnd);
    } else if (!firstWrong.equals(at)) {
      at = firstWrong;
      repeats = isCutShort ? 0 : 1;
    } else if (!isCutShort && ++repeats > MOST_REPEATS) {
      moveTo(next, isEnd);
    }
  }

  private void moveTo(K next, boolean isEnd) {
    at = next;
    repeats = 0;
    isDone = isEnd;
  }

  K at() {
    return at;
  }

  int repeats() {
    return repeats;
  }

  /** Whether the last page was passed. */
  boolean isDone() {
    return isDone;
  }
}
