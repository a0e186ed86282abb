package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads changed documents: pairs that are read once more, then pairs in the overlap that were not
 * seen, then what lies after the cursor.
 */
final class ChangeRead {
  /** Pairs are small: a page of them is this many times longer than one of rows. */
  static final int PAIRS_PER_ROW = 5;

  private final Cursor from;
  private final WindowRules rules;
  private final SeenPairs seen;
  private final ForgottenPairs forgotten;
  private final PageReader reader;
  private final BatchDraft draft;
  private Cursor cursor;
  private @Nullable Cursor ahead;

  ChangeRead(Cursor from, WindowRules rules, PairWindow window, PollReads reads, int mostSeen) {
    this.from = from;
    this.rules = rules;
    this.seen = new SeenPairs(rules, from, window, mostSeen);
    this.forgotten = new ForgottenPairs(seen, reads.stored());
    this.reader = reads.reader();
    this.draft = reads.draft();
    this.cursor = from;
  }

  /** Whether the end was reached. */
  boolean read() throws SourceException {
    return lookUp(seen.due(), Origin.OVERLAP)
        && (from.equals(Cursor.START) ? readRows(Cursor.START) : readPairs());
  }

  private boolean readPairs() throws SourceException {
    int pageSize = draft.pageRows() * PAIRS_PER_ROW;
    Cursor after = rules.floor(from);
    Cursor resume = from;
    Cursor passable = from;
    List<Cursor> fresh = new ArrayList<>();
    Set<Cursor> seenAhead = new HashSet<>();
    while (true) {
      if (draft.mustEnd()) {
        return false;
      }
      List<Cursor> page = reader.pairs(after, pageSize);
      Set<Cursor> toRead = new HashSet<>(forgotten.toRead(page, this::needsRead));
      List<Cursor> late = new ArrayList<>();
      for (Cursor pair : page) {
        boolean isAhead = pair.compareTo(from) > 0;
        draft.counts().overlapPairs += isAhead ? 0 : 1;
        if (toRead.contains(pair)) {
          (isAhead ? fresh : late).add(pair);
        } else if (isAhead) {
          seenAhead.add(pair);
          resume = fresh.isEmpty() ? pair : resume;
        }
        if (rules.isPassable(pair.version())) {
          passable = isAhead ? pair : passable;
        } else {
          ahead = pair;
        }
      }
      draft.counts().overlapFetched += late.size();
      for (List<Cursor> some : KeyChunks.of(late)) {
        if (!lookUp(some, Origin.OVERLAP)) {
          return false;
        }
        seen.settle(some);
      }
      seen.settle(page);
      if (fresh.size() > draft.pageRows()) {
        moveTo(resume);
        return readRows(resume);
      }
      if (page.size() < pageSize) {
        break;
      }
      after = page.getLast();
    }
    seen.retainAfter(from, seenAhead);
    if (!lookUp(fresh, Origin.CURSOR)) {
      return false;
    }
    moveTo(passable);
    return true;
  }

  private boolean needsRead(Cursor pair, Set<Long> indexed) {
    return !indexed.equals(Set.of(pair.version())) || seen.isReadDespiteVersion(pair);
  }

  private boolean lookUp(List<Cursor> pairs, Origin origin) throws SourceException {
    for (List<Cursor> some : KeyChunks.of(pairs)) {
      if (draft.mustEnd()) {
        return false;
      }
      Map<DocumentKey, Row> rows = reader.lookUp(KeyChunks.keys(some));
      draft.counts().changesRead += rows.size();
      for (Cursor pair : some) {
        Row row = rows.get(pair.key());
        if (row == null) {
          draft.noteAbsent(pair.key(), origin);
          seen.forget(pair);
        } else {
          if (forgotten.isNews(pair, row)) {
            draft.note(row, origin);
          }
          if (row.version() != pair.version()) {
            seen.forget(pair);
          }
          seen.sawRow(new Cursor(row.version(), row.key()));
        }
      }
    }
    return true;
  }

  private boolean readRows(Cursor start) throws SourceException {
    return reader.isByKeyOnly() ? readByKeys(start) : readInOrder(start);
  }

  /** Pairs in keyset order, and the rows of each page by their keys. */
  private boolean readByKeys(Cursor start) throws SourceException {
    int pageSize = Math.min(draft.pageRows(), KeyChunks.LOOK_UP);
    Cursor after = start;
    while (!draft.mustEnd()) {
      List<Cursor> page = reader.pairs(after, pageSize);
      if (!lookUp(page.stream().filter(pair -> !seen.isSeen(pair)).toList(), Origin.CURSOR)) {
        return false;
      }
      page.forEach(this::moveTo);
      if (page.size() < pageSize) {
        return true;
      }
      after = page.getLast();
    }
    return false;
  }

  private boolean readInOrder(Cursor start) throws SourceException {
    Cursor[] after = {start};
    while (true) {
      if (draft.mustEnd()) {
        return false;
      }
      int rows =
          reader.rows(
              after[0],
              draft.pageRows(),
              row -> {
                Cursor pair = new Cursor(row.version(), row.key());
                if (!seen.isSeen(pair)) {
                  draft.note(row, Origin.CURSOR);
                  seen.sawRow(pair);
                }
                moveTo(pair);
                after[0] = pair;
                return !draft.isFull();
              });
      draft.counts().changesRead += rows;
      if (rows < draft.pageRows() && !draft.isFull()) {
        return true;
      }
    }
  }

  private void moveTo(Cursor pair) {
    if (!rules.isPassable(pair.version())) {
      ahead = pair;
    } else if (pair.compareTo(cursor) > 0) {
      cursor = pair;
    }
  }

  /** The last pair that no cursor may pass yet; null if none was read. */
  @Nullable Cursor ahead() {
    return ahead;
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
