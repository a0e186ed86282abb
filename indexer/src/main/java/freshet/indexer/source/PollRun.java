package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.PageReader;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The order of one poll: tombstones, then changes. Knows nothing of SQL, so that its rules are
 * tested against a model. Ends early where it must; whatever was read until then counts.
 */
final class PollRun {
  private final SourcePosition from;
  private final OverlapWindow window;
  private final @Nullable TombstoneRead deletions;
  private final ChangeRead changes;
  private final BatchDraft draft;
  private final RetryRead retries;
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
    this.draft = new BatchDraft(limits, endEarly);
    this.deletions =
        deletionRules == null
            ? null
            : new TombstoneRead(
                from.deletions(),
                from.changes().equals(Cursor.START),
                deletionRules,
                window.deletions(),
                reader,
                draft);
    this.retries = new RetryRead(reader, draft);
    this.changes = new ChangeRead(from.changes(), changeRules, window.changes(), reader, draft);
  }

  /** Reads. Called once. */
  void run() throws SourceException {
    reachedEnd = (deletions == null || deletions.read()) && changes.read();
  }

  /** Reads these rows too, wherever their versions lie. Called after {@link #run}. */
  void retry(List<DocumentKey> keys) throws SourceException {
    reachedEnd &= retries.read(keys);
  }

  List<Change> changes() {
    return draft.changes();
  }

  Cursor changeCursor() {
    return changes.cursor();
  }

  Cursor deletionCursor() {
    return deletions == null ? from.deletions() : deletions.cursor();
  }

  boolean reachedEnd() {
    return reachedEnd;
  }

  PollCounts counts() {
    return draft.counts();
  }

  /** What the next poll need not read again, once this one's batch is published. */
  OverlapWindow window() {
    return new OverlapWindow(
        changes.window(), deletions == null ? window.deletions() : deletions.window());
  }
}
