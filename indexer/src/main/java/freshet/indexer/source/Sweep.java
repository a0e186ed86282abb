package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.source.PageWalk.Page;
import freshet.indexer.source.PageWalk.Verdict;
import freshet.indexer.source.RowCheck.Checked;
import freshet.indexer.source.RowCheck.Outcome;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares the pairs of one table that lie behind the overlap with what is indexed: a window can't
 * observe what it does not read. A pair may differ legitimately (set aside, not searchable, changed
 * since): only what was really indexed because of it counts as rescued.
 */
final class Sweep {

  /** The next pairs after a place, in keyset order. */
  interface PairReader {
    List<Cursor> read(Cursor after, int limit) throws SourceException;
  }

  private final boolean isOfTombstones;
  private final PairReader reader;
  private final WindowRules rules;
  private final Cursor end;
  private final RowCheck rows;
  private final SweepNotes notes;
  private int pairs;

  /**
   * One poll's.
   *
   * @param isOfTombstones whether a pair says that its document is gone
   * @param rules by which the poll reads the table
   * @param from the cursor that the poll resumed at: what its overlap reads is not compared
   */
  Sweep(
      boolean isOfTombstones,
      PairReader reader,
      WindowRules rules,
      Cursor from,
      RowCheck rows,
      SweepNotes notes) {
    this.isOfTombstones = isOfTombstones;
    this.reader = reader;
    this.rules = rules;
    this.end = rules.floor(from);
    this.rows = rows;
    this.notes = notes;
  }

  /** Which pairs of the last poll are indexed now because of the sweep. */
  List<Cursor> verify() throws IOException {
    Set<Cursor> claimed = notes.takeClaimed();
    if (claimed.isEmpty()) {
      return List.of();
    }
    Map<DocumentKey, Set<Long>> indexed = rows.indexed(claimed.stream().map(Cursor::key).toList());
    List<Cursor> rescued = new ArrayList<>();
    for (Cursor pair : claimed) {
      if (agrees(pair, indexed)) {
        rescued.add(pair);
      } else {
        // The index refuses it, or it has changed again.
        notes.explain(pair);
      }
    }
    return rescued;
  }

  private boolean agrees(Cursor pair, Map<DocumentKey, Set<Long>> indexed) {
    Set<Long> versions = indexed.getOrDefault(pair.key(), Set.of());
    return isOfTombstones ? versions.isEmpty() : versions.equals(Set.of(pair.version()));
  }

  /** Where the versions begin that were stamped within a stretch of time before the horizon. */
  Cursor start(long reach) {
    return rules.reachBeforeHorizon(reach);
  }

  /** When a pair was stamped, at the latest, in microseconds since 1970 UTC. */
  long stamped(Cursor pair) {
    return rules.clock().last(pair.version());
  }

  /** Compares a page. */
  Page<Cursor> compare(Cursor after, int limit) throws SourceException, IOException {
    List<Cursor> read = reader.read(after, limit);
    List<Cursor> page = read.stream().filter(pair -> pair.compareTo(end) < 0).toList();
    boolean isLast = read.size() < limit || page.size() < read.size();
    pairs += page.size();
    Map<DocumentKey, Set<Long>> indexed = rows.indexed(page.stream().map(Cursor::key).toList());
    Map<DocumentKey, Cursor> suspects = new HashMap<>();
    for (Cursor pair : page) {
      if (!agrees(pair, indexed) && !notes.isExplained(pair) && !rows.isRead(pair.key())) {
        suspects.put(pair.key(), pair);
      }
    }
    Verdict verdict = check(suspects, indexed);
    return new Page<>(isLast ? null : page.getLast(), verdict);
  }

  private Verdict check(Map<DocumentKey, Cursor> suspects, Map<DocumentKey, Set<Long>> indexed)
      throws SourceException {
    List<Checked> checked = rows.check(List.copyOf(suspects.keySet()), indexed, Origin.SWEEP);
    boolean hasDiffered = false;
    for (Checked one : checked) {
      Cursor pair = suspects.get(one.key());
      if (pair == null) {
        continue;
      }
      if (one.outcome() == Outcome.SAME) {
        notes.explain(pair);
      } else {
        hasDiffered = true;
        if (isBecauseOf(pair, one)) {
          notes.claim(pair);
        }
      }
    }
    if (checked.size() < suspects.size()) {
      return Verdict.CUT_SHORT;
    }
    return hasDiffered ? Verdict.DIFFERED : Verdict.RIGHT;
  }

  /** A row that has changed or vanished since is found by the ordinary way too. */
  private boolean isBecauseOf(Cursor pair, Checked checked) {
    if (isOfTombstones) {
      return checked.outcome() == Outcome.GHOST;
    }
    return checked.row() != null && checked.row().version() == pair.version();
  }

  /** How many pairs were compared. */
  int pairs() {
    return pairs;
  }
}
