package freshet.indexer.source;

import freshet.indexer.source.Change.Deletion;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.source.Change.Upsert;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The order of one poll: tombstones, then pairs that are read once more, then pairs in the overlap
 * that were not seen, then what lies after the cursor. Knows nothing of SQL, so that its rules are
 * tested against a model. Ends early where it must; whatever was read until then counts.
 */
final class PollRun {
  /** Keys of one look-up. */
  static final int LOOK_UP = 500;

  /** Pairs are small: a page of them is this many times longer than one of rows. */
  private static final int PAIRS_PER_ROW = 5;

  private final SourcePosition from;
  private final WindowRules changeRules;
  private final @Nullable WindowRules deletionRules;
  private final Limits limits;
  private final PageReader reader;
  private final BooleanSupplier endEarly;
  private final SeenPairs seenChanges;
  private final @Nullable SeenPairs seenDeletions;
  private final OverlapWindow window;
  private final Map<DocumentKey, Change> changes = new LinkedHashMap<>();
  private final PollCounts counts = new PollCounts();
  private Cursor changeCursor;
  private Cursor deletionCursor;
  private long bytes;
  private boolean reachedEnd;

  PollRun(
      SourcePosition from,
      OverlapWindow window,
      WindowRules changeRules,
      @Nullable WindowRules deletionRules,
      Limits limits,
      PageReader reader,
      BooleanSupplier endEarly) {
    this.from = from;
    this.window = window;
    this.changeRules = changeRules;
    this.deletionRules = deletionRules;
    this.limits = limits;
    this.reader = reader;
    this.endEarly = endEarly;
    this.changeCursor = from.changes();
    this.deletionCursor = from.deletions();
    this.seenChanges =
        new SeenPairs(changeRules, from.changes(), window.changes(), window.unsettledChanges());
    this.seenDeletions =
        deletionRules == null
            ? null
            : new SeenPairs(
                deletionRules, from.deletions(), window.deletions(), window.unsettledDeletions());
  }

  /** Reads. Called once. */
  void run() throws SourceException {
    reachedEnd =
        readTombstones()
            && lookUpChanged(seenChanges.due(), Origin.OVERLAP)
            && (from.changes().equals(Cursor.START) ? readRows(Cursor.START) : readChanges());
  }

  // ---- deletions

  private boolean readTombstones() throws SourceException {
    if (deletionRules == null || seenDeletions == null) {
      return true;
    }
    List<Cursor> again = seenDeletions.unsettled();
    if (again.size() > limits.pageRows()) {
      // So many re-inserted rows would leave no room for anything new: only those that must be.
      again = seenDeletions.due();
    }
    if (!lookUpDeleted(again, seenDeletions)) {
      return false;
    }
    Cursor after = deletionRules.floor(from.deletions());
    if (from.deletions().equals(Cursor.START) && from.changes().equals(Cursor.START)) {
      // Nothing is indexed yet, and what is gone now will not be read: old tombstones say nothing.
      after = deletionRules.overlapBeforeHorizon();
      deletionCursor = after;
    }
    while (true) {
      if (mustEnd()) {
        return false;
      }
      List<Cursor> page = reader.tombstones(after, limits.pageRows());
      counts.deletionsRead += page.size();
      List<Cursor> unseen = page.stream().filter(pair -> !seenDeletions.isSeen(pair)).toList();
      if (!lookUpDeleted(unseen, seenDeletions)) {
        return false;
      }
      for (Cursor pair : page) {
        if (deletionRules.isPassable(pair.version()) && pair.compareTo(deletionCursor) > 0) {
          deletionCursor = pair;
        }
      }
      if (page.size() < limits.pageRows()) {
        return true;
      }
      after = page.getLast();
    }
  }

  /** A tombstone says that a row went, not that it is gone: the row itself decides. */
  private boolean lookUpDeleted(List<Cursor> pairs, SeenPairs seen) throws SourceException {
    for (List<Cursor> some : chunks(pairs)) {
      if (mustEnd()) {
        return false;
      }
      Map<DocumentKey, Row> rows = reader.lookUp(keys(some));
      for (Cursor pair : some) {
        Row row = rows.get(pair.key());
        if (row == null) {
          note(new Deletion(pair.key(), Origin.TOMBSTONE), 0);
        } else {
          note(row, Origin.TOMBSTONE);
        }
        seen.sawTombstone(pair, row != null);
      }
    }
    return true;
  }

  // ---- changes

  private boolean readChanges() throws SourceException {
    int pageSize = limits.pageRows() * PAIRS_PER_ROW;
    Cursor after = changeRules.floor(from.changes());
    Cursor resume = from.changes();
    Cursor passable = from.changes();
    List<Cursor> fresh = new ArrayList<>();
    while (true) {
      if (mustEnd()) {
        return false;
      }
      List<Cursor> page = reader.pairs(after, pageSize);
      List<Cursor> late = new ArrayList<>();
      for (Cursor pair : page) {
        boolean isAhead = pair.compareTo(from.changes()) > 0;
        counts.overlapPairs += isAhead ? 0 : 1;
        if (!seenChanges.isSeen(pair)) {
          (isAhead ? fresh : late).add(pair);
        } else if (isAhead && fresh.isEmpty()) {
          resume = pair;
        }
        if (isAhead && changeRules.isPassable(pair.version())) {
          passable = pair;
        }
      }
      counts.overlapFetched += late.size();
      if (!lookUpChanged(late, Origin.OVERLAP)) {
        return false;
      }
      if (fresh.size() > limits.pageRows()) {
        moveTo(resume);
        return readRows(resume);
      }
      if (page.size() < pageSize) {
        break;
      }
      after = page.getLast();
    }
    if (!lookUpChanged(fresh, Origin.CURSOR)) {
      return false;
    }
    moveTo(passable);
    return true;
  }

  private boolean lookUpChanged(List<Cursor> pairs, Origin origin) throws SourceException {
    for (List<Cursor> some : chunks(pairs)) {
      if (mustEnd()) {
        return false;
      }
      Map<DocumentKey, Row> rows = reader.lookUp(keys(some));
      counts.changesRead += rows.size();
      for (Cursor pair : some) {
        Row row = rows.get(pair.key());
        if (row == null) {
          note(new Deletion(pair.key(), origin), 0);
          seenChanges.forget(pair);
        } else {
          note(row, origin);
          if (row.version() != pair.version()) {
            seenChanges.forget(pair);
          }
          seenChanges.sawRow(new Cursor(row.version(), row.key()));
        }
      }
    }
    return true;
  }

  private boolean readRows(Cursor start) throws SourceException {
    Cursor[] after = {start};
    while (true) {
      if (mustEnd()) {
        return false;
      }
      int rows =
          reader.rows(
              after[0],
              limits.pageRows(),
              row -> {
                Cursor pair = new Cursor(row.version(), row.key());
                if (!seenChanges.isSeen(pair)) {
                  note(row, Origin.CURSOR);
                  seenChanges.sawRow(pair);
                }
                moveTo(pair);
                after[0] = pair;
                return !isFull();
              });
      counts.changesRead += rows;
      if (rows < limits.pageRows() && !isFull()) {
        return true;
      }
    }
  }

  private void moveTo(Cursor pair) {
    if (changeRules.isPassable(pair.version()) && pair.compareTo(changeCursor) > 0) {
      changeCursor = pair;
    }
  }

  // ---- what was read

  private void note(Row row, Origin origin) {
    switch (row) {
      case Row.Found(SourceDocument document, long size) ->
          note(new Upsert(document, origin), size);
      case Row.NotSearchable(DocumentKey key, long version) -> note(new Deletion(key, origin), 0);
      case Row.Unfit(DocumentKey key, long version) -> counts.quarantined++;
      // Read with its new version, or found missing, by the next poll.
      case Row.Gone(DocumentKey key, long version) -> {}
    }
  }

  /** The last read of a document wins, and decides its place in the order. */
  private void note(Change change, long size) {
    changes.remove(change.key());
    changes.put(change.key(), change);
    bytes += size;
  }

  private boolean isFull() {
    return changes.size() >= limits.batchRows() || bytes >= limits.batchBytes();
  }

  private boolean mustEnd() {
    return isFull() || endEarly.getAsBoolean();
  }

  private static List<DocumentKey> keys(List<Cursor> pairs) {
    LinkedHashSet<DocumentKey> keys = new LinkedHashSet<>();
    pairs.forEach(pair -> keys.add(pair.key()));
    return List.copyOf(keys);
  }

  private static List<List<Cursor>> chunks(List<Cursor> pairs) {
    List<List<Cursor>> chunks = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += LOOK_UP) {
      chunks.add(pairs.subList(i, Math.min(pairs.size(), i + LOOK_UP)));
    }
    return chunks;
  }

  // ---- results

  List<Change> changes() {
    return List.copyOf(changes.values());
  }

  Cursor changeCursor() {
    return changeCursor;
  }

  Cursor deletionCursor() {
    return deletionCursor;
  }

  boolean reachedEnd() {
    return reachedEnd;
  }

  PollCounts counts() {
    return counts;
  }

  /** What the next poll need not read again, once this one's batch is published. */
  OverlapWindow window() {
    return new OverlapWindow(
        seenChanges.seenSet(),
        seenDeletions == null ? window.deletions() : seenDeletions.seenSet(),
        seenChanges.unsettledSet(),
        seenDeletions == null ? window.unsettledDeletions() : seenDeletions.unsettledSet());
  }
}
