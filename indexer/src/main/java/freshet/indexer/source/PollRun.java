package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of one poll: tombstones, then changes, then what is compared beyond that. Knows nothing
 * of SQL, so that its rules are tested against a model. Ends early where it must; whatever was read
 * until then counts.
 */
final class PollRun {
  private final SourcePosition from;
  private final OverlapWindow window;
  private final @Nullable TombstoneRead deletions;
  private final ChangeRead changes;
  private final BatchDraft draft;
  private final Checks checks;
  private boolean reachedEnd;

  /**
   * One poll's.
   *
   * @param checks what is compared beyond what changed
   */
  PollRun(
      SourcePosition from,
      OverlapWindow window,
      WindowRules changeRules,
      @Nullable WindowRules deletionRules,
      PollReads reads,
      Checks checks) {
    this.from = from;
    this.window = window;
    this.draft = reads.draft();
    this.checks = checks;
    this.deletions =
        deletionRules == null
            ? null
            : new TombstoneRead(
                from.deletions(),
                from.changes().equals(Cursor.START) && reads.isIndexEmpty(),
                deletionRules,
                window.deletions(),
                reads.reader(),
                draft);
    this.changes =
        new ChangeRead(from.changes(), changeRules, window.changes(), reads.reader(), draft);
  }

  /** Reads. Called once. */
  void run() throws SourceException {
    reachedEnd = (deletions == null || deletions.read()) && changes.read();
    if (reachedEnd) {
      checks.run(deletionCursor().equals(from.deletions()));
    }
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
