package freshet.indexer.source;

import freshet.indexer.source.Change.Deletion;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.source.Change.Upsert;
import freshet.indexer.table.Row;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the phases of one poll have gathered, and whether there is room for more. */
final class BatchDraft {
  private final Limits limits;
  private final BooleanSupplier endEarly;
  private final Map<DocumentKey, Change> changes = new LinkedHashMap<>();
  private final Map<DocumentKey, Long> hidden = new HashMap<>();
  private final List<Cursor> deleted = new ArrayList<>();
  private final PollCounts counts = new PollCounts();
  private long bytes;

  /**
   * An empty one.
   *
   * @param endEarly asked between pages, whether the poll has to end
   */
  BatchDraft(Limits limits, BooleanSupplier endEarly) {
    this.limits = limits;
    this.endEarly = endEarly;
  }

  /** Notes what a row turned out to be. */
  void note(Row row, Origin origin) {
    switch (row) {
      case Row.Found(SourceDocument document, long size) ->
          note(new Upsert(document, origin), size);
      case Row.NotSearchable(DocumentKey key, long version) -> {
        note(new Deletion(key, origin), 0);
        hidden.put(key, version);
      }
      case Row.Unfit(DocumentKey key, long version) -> counts.quarantined++;
      // Read with its new version, or found missing, by the next poll.
      case Row.Gone(DocumentKey key, long version) -> {}
    }
  }

  /** Notes that a document does not exist. */
  void noteAbsent(DocumentKey key, Origin origin) {
    note(new Deletion(key, origin), 0);
  }

  /** Notes that a document does not exist, as a tombstone says. */
  void noteDeleted(Cursor tombstone) {
    noteAbsent(tombstone.key(), Origin.TOMBSTONE);
    deleted.add(tombstone);
  }

  /** The last read of a document wins, and decides its place in the order. */
  private void note(Change change, long size) {
    changes.remove(change.key());
    hidden.remove(change.key());
    changes.put(change.key(), change);
    bytes += size;
  }

  /** Whether this poll has read the document already. */
  boolean has(DocumentKey key) {
    return changes.containsKey(key);
  }

  boolean isFull() {
    return changes.size() >= limits.batchRows() || bytes >= limits.batchBytes();
  }

  boolean mustEnd() {
    return isFull() || endEarly.getAsBoolean();
  }

  int pageRows() {
    return limits.pageRows();
  }

  int windowPairs() {
    return limits.windowPairs();
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  List<Change> changes() {
    return List.copyOf(changes.values());
  }

  /** The version of the row that a change was read from; null if there was none. */
  @Nullable Long rowVersion(Change change) {
    return switch (change) {
      case Upsert upsert -> (Long) upsert.document().version();
      case Deletion deletion -> hidden.get(deletion.key());
    };
  }

  /** The tombstones whose rows are gone. */
  List<Cursor> deleted() {
    return List.copyOf(deleted);
  }

  PollCounts counts() {
    return counts;
  }
}
