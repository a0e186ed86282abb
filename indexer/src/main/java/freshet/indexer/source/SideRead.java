package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.source.SideWindow.Unfinished;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.indexer.table.SideTable;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes of one side table, and the documents that they concern.
 *
 * <p>A document's row is looked up after the side pair was seen, so it has at least what that pair
 * stands for, and as the last read of this poll it wins. Its own pair need not be read again: the
 * row has not changed, or its new pair is found like any other.
 *
 * <p>A pair may concern more documents than a batch holds. They are read in the order of their
 * keys; where the batch is full, the window keeps the pairs and the last key, and the next poll
 * goes on there. The cursor does not pass a pair before all its documents were read. Pairs that
 * were begun last stay noted with their last key until others are begun or the end is reached:
 * where the window is too small to tell that they were read, and the batch was full before they
 * were passed, they would else be read from their first document again, for ever.
 */
final class SideRead {
  /** Rows of a side table whose documents are asked for together. */
  private static final int PAIRS_AT_ONCE = 100;

  private final SideTable side;
  private final Cursor from;
  private final WindowRules rules;
  private final SeenPairs seen;
  private final PageReader reader;
  private final BatchDraft draft;
  private Cursor cursor;
  private @Nullable Unfinished unfinished;

  /**
   * One poll's.
   *
   * @param from where it resumes
   */
  SideRead(
      SideTable side,
      Cursor from,
      WindowRules rules,
      SideWindow window,
      PollReads reads,
      int mostSeen) {
    this.side = side;
    this.from = from;
    this.rules = rules;
    this.seen = new SeenPairs(rules, from, window.pairs(), mostSeen);
    this.unfinished = window.unfinished();
    this.reader = reads.reader();
    this.draft = reads.draft();
    this.cursor = from;
  }

  /** Whether the end was reached. */
  boolean read() throws SourceException {
    Unfinished begun = unfinished;
    if (begun != null && !readDocuments(begun)) {
      return false;
    }
    Set<Cursor> finished = begun == null ? Set.of() : whollyRead(begun);
    for (List<Cursor> some : KeyChunks.of(seen.due(), PAIRS_AT_ONCE)) {
      if (!readDocuments(begin(some))) {
        return false;
      }
    }
    Cursor after = rules.floor(from);
    while (true) {
      if (draft.mustEnd()) {
        return false;
      }
      List<Cursor> page = reader.sidePairs(side, after, draft.pageRows());
      for (List<Cursor> some : KeyChunks.of(page, PAIRS_AT_ONCE)) {
        List<Cursor> unseen =
            some.stream().filter(pair -> !finished.contains(pair) && needsRead(pair)).toList();
        if (!unseen.isEmpty() && !readDocuments(begin(unseen))) {
          return false;
        }
        seen.settle(some);
        some.forEach(this::moveTo);
      }
      if (page.size() < draft.pageRows()) {
        unfinished = null;
        return true;
      }
      after = page.getLast();
    }
  }

  /** No index tells whether documents have what a pair stands for: its last read does. */
  private boolean needsRead(Cursor pair) {
    return seen.isForgotten(pair) ? seen.isLastReadDue(pair) : !seen.isSeen(pair);
  }

  private boolean readDocuments(Unfinished begun) throws SourceException {
    Unfinished left = begun;
    while (true) {
      unfinished = left;
      if (draft.mustEnd()) {
        return false;
      }
      List<DocumentKey> keys =
          reader.documentsOf(side, KeyChunks.keys(left.pairs()), left.after(), draft.pageRows());
      for (List<DocumentKey> some : KeyChunks.of(keys, KeyChunks.LOOK_UP)) {
        if (draft.mustEnd()) {
          return false;
        }
        note(some);
        left = new Unfinished(left.pairs(), some.getLast(), left.horizon());
        unfinished = left;
      }
      if (keys.size() < draft.pageRows()) {
        whollyRead(left).forEach(seen::sawRow);
        return true;
      }
    }
  }

  private Unfinished begin(List<Cursor> pairs) {
    return new Unfinished(pairs, DocumentKey.EMPTY, rules.horizon());
  }

  /**
   * Those whose documents need not be read once more. What was begun before a pair was over is not
   * its last read: the row may have changed after the first documents were read, within the tick.
   */
  private Set<Cursor> whollyRead(Unfinished read) {
    return read.pairs().stream()
        .filter(
            pair -> !rules.isOver(pair.version()) || rules.wasOver(pair.version(), read.horizon()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void note(List<DocumentKey> keys) throws SourceException {
    Map<DocumentKey, Row> rows = reader.lookUp(keys);
    draft.counts().changesRead += rows.size();
    for (DocumentKey key : keys) {
      Row row = rows.get(key);
      if (row == null) {
        draft.noteAbsent(key, Origin.SIDE);
      } else {
        draft.note(row, Origin.SIDE);
      }
    }
  }

  private void moveTo(Cursor pair) {
    if (rules.isPassable(pair.version()) && pair.compareTo(cursor) > 0) {
      cursor = pair;
    }
  }

  String name() {
    return side.name();
  }

  Cursor cursor() {
    return cursor;
  }

  boolean hasForgotten() {
    return seen.hasForgotten(cursor);
  }

  SideWindow window() {
    return new SideWindow(seen.window(), unfinished);
  }
}
