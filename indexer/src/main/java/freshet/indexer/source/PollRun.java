package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.SideTable;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The order of one poll: tombstones, then changes, then side tables, then rows that were set aside,
 * then what is compared beyond that. Knows nothing of SQL, so that its rules are tested against a
 * model. Ends early where it must; whatever was read until then counts.
 *
 * <p>Each phase looks up rows by key after it saw what made it look, so the last read of a document
 * is right whatever the order of the phases. Side tables come last since one of their rows may
 * concern more documents than a batch holds, and neither deletions nor changes should wait for
 * that.
 */
final class PollRun {
  private final SourcePosition from;
  private final OverlapWindow window;
  private final @Nullable TombstoneRead deletions;
  private final ChangeRead changes;
  private final List<SideRead> sides;
  private final BatchDraft draft;
  private final RetryRead retries;
  private final Checks checks;
  private boolean reachedEnd;

  /**
   * One poll's.
   *
   * @param setAside keys of rows that somebody asked to be read again
   * @param checks what is compared beyond what changed
   */
  PollRun(
      SourcePosition from,
      OverlapWindow window,
      WindowRules changeRules,
      @Nullable WindowRules deletionRules,
      Map<SideTable, WindowRules> sideRules,
      List<DocumentKey> setAside,
      PollReads reads,
      Checks checks) {
    this.from = from;
    this.window = window;
    this.draft = reads.draft();
    this.checks = checks;
    int mostSeen = Math.max(1, draft.windowPairs() / (2 + sideRules.size()));
    this.deletions =
        deletionRules == null
            ? null
            : new TombstoneRead(
                from.deletions(),
                from.changes().equals(Cursor.START) && reads.isIndexEmpty(),
                deletionRules,
                window.deletions(),
                reads,
                mostSeen);
    this.retries = new RetryRead(setAside, reads.reader(), draft);
    this.changes = new ChangeRead(from.changes(), changeRules, window.changes(), reads, mostSeen);
    this.sides =
        sideRules.entrySet().stream()
            .map(
                side ->
                    new SideRead(
                        side.getKey(),
                        sideCursor(side.getKey(), side.getValue()),
                        side.getValue(),
                        window.sides().getOrDefault(side.getKey().name(), SideWindow.UNSEEN),
                        reads,
                        mostSeen))
            .toList();
  }

  private Cursor sideCursor(SideTable side, WindowRules rules) {
    Cursor known = from.sides().get(side.name());
    if (known != null) {
      return known;
    }
    // Documents that are about to be read from their start have what older side rows brought. Else
    // the side table is new, and nobody knows which documents were read before it counted.
    return from.changes().equals(Cursor.START) ? rules.overlapBeforeHorizon() : Cursor.START;
  }

  /** Reads. Called once. */
  void run() throws SourceException {
    reachedEnd =
        (deletions == null || deletions.read()) && changes.read() && readSides() && retries.read();
    if (reachedEnd) {
      checks.run(deletionCursor().equals(from.deletions()));
    }
  }

  private boolean readSides() throws SourceException {
    for (SideRead side : sides) {
      if (!side.read()) {
        return false;
      }
    }
    return true;
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

  /** Of each side table, by its name. */
  Map<String, Cursor> sideCursors() {
    return sides.stream().collect(Collectors.toMap(SideRead::name, SideRead::cursor));
  }

  /** The document that is stamped last of those after the horizon; null if none is. */
  @Nullable Cursor ahead() {
    return changes.ahead();
  }

  boolean reachedEnd() {
    return reachedEnd;
  }

  PollCounts counts() {
    return draft.counts();
  }

  /** What somebody should hear of, if the window had to forget pairs. */
  Optional<Finding> fullWindow() {
    boolean hasForgotten =
        changes.hasForgotten()
            || (deletions != null && deletions.hasForgotten())
            || sides.stream().anyMatch(SideRead::hasForgotten);
    return hasForgotten
        ? Optional.of(
            new Finding(
                "the overlap has more changes than are kept in memory",
                "%s of version and key are kept, source.window_pairs is %d, shared by %d tables"
                    .formatted(
                        Count.of(window().pairs(), "pair"), draft.windowPairs(), 2 + sides.size()),
                "raise source.window_pairs, at about 150 bytes each, or make source.overlap"
                    + " shorter; until then older ones are compared with the index in each poll"))
        : Optional.empty();
  }

  /** What the next poll need not read again, once this one's batch is published. */
  OverlapWindow window() {
    return new OverlapWindow(
        changes.window(),
        deletions == null ? window.deletions() : deletions.window(),
        sides.stream().collect(Collectors.toMap(SideRead::name, SideRead::window)));
  }
}
