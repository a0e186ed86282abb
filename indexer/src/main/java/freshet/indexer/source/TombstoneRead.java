package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads tombstones, and looks up the row that each names. */
final class TombstoneRead {
  private final Cursor from;
  private final boolean isFirstLoad;
  private final WindowRules rules;
  private final SeenPairs seen;
  private final ForgottenPairs forgotten;
  private final PageReader reader;
  private final BatchDraft draft;
  private Cursor cursor;

  /**
   * One poll's.
   *
   * @param isFirstLoad whether the documents are about to be read from their start
   */
  TombstoneRead(
      Cursor from,
      boolean isFirstLoad,
      WindowRules rules,
      PairWindow window,
      PollReads reads,
      int mostSeen) {
    this.from = from;
    this.isFirstLoad = isFirstLoad && from.equals(Cursor.START);
    this.rules = rules;
    this.seen = new SeenPairs(rules, from, window, mostSeen);
    this.forgotten = new ForgottenPairs(seen, reads.stored());
    this.reader = reads.reader();
    this.draft = reads.draft();
    this.cursor = from;
  }

  /** Whether the end was reached. */
  boolean read() throws SourceException {
    List<Cursor> again = seen.unsettled();
    if (again.size() > draft.pageRows()) {
      // So many re-inserted rows would leave no room for anything new: only those that must be.
      again = seen.due();
    }
    if (!lookUp(again)) {
      return false;
    }
    Cursor after = rules.floor(from);
    if (isFirstLoad) {
      // Nothing is indexed yet, and what is gone now will not be read: old tombstones say nothing.
      after = rules.overlapBeforeHorizon();
      cursor = after;
    }
    while (true) {
      if (draft.mustEnd()) {
        return false;
      }
      List<Cursor> page = reader.tombstones(after, draft.pageRows());
      draft.counts().deletionsRead += page.size();
      for (List<Cursor> some : KeyChunks.of(forgotten.toRead(page, this::needsRead))) {
        if (!lookUp(some)) {
          return false;
        }
        seen.settle(some);
      }
      seen.settle(page);
      for (Cursor pair : page) {
        if (rules.isPassable(pair.version()) && pair.compareTo(cursor) > 0) {
          cursor = pair;
        }
      }
      if (page.size() < draft.pageRows()) {
        return true;
      }
      after = page.getLast();
    }
  }

  /**
   * What is not indexed can't be deleted. What is newer was probably inserted again, and what is
   * not may have been too, so once its last read is done a tombstone says nothing more.
   */
  private boolean needsRead(Cursor pair, Set<Long> indexed) {
    return !indexed.isEmpty()
        && (rules.isOver(pair.version())
            ? seen.isLastReadDue(pair)
            : indexed.stream().anyMatch(version -> version <= pair.version()));
  }

  /** A tombstone says that a row went, not that it is gone: the row itself decides. */
  private boolean lookUp(List<Cursor> pairs) throws SourceException {
    for (List<Cursor> some : KeyChunks.of(pairs)) {
      if (draft.mustEnd()) {
        return false;
      }
      Map<DocumentKey, Row> rows = reader.lookUp(KeyChunks.keys(some));
      for (Cursor pair : some) {
        Row row = rows.get(pair.key());
        if (row == null) {
          draft.noteDeleted(pair);
        } else if (forgotten.isNews(pair, row)) {
          draft.note(row, Origin.TOMBSTONE);
        }
        seen.sawTombstone(pair, row != null);
      }
    }
    return true;
  }

  Cursor cursor() {
    return cursor;
  }

  boolean hasForgotten() {
    return seen.hasForgotten(cursor);
  }

  PairWindow window() {
    return seen.window();
  }
}
