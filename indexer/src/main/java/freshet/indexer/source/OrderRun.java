package freshet.indexer.source;

import freshet.indexer.source.Remembered.WithoutGtid;
import freshet.indexer.source.Remembered.WithoutGtid.Left;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One poll's share of order without GTID: notes the deletions that are applied, and after a change
 * of servers takes out of the batch what may be older than what is indexed.
 */
final class OrderRun {
  /** Deletions that are remembered; some bytes each. */
  static final int MOST_DELETED = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(OrderRun.class);

  private final Cursor cursor;
  private final WindowRules changes;
  private final @Nullable WindowRules deletions;
  private final Remembered before;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * One poll's.
   *
   * @param before what is remembered, with the server of this poll
   * @param cursor of changes that it resumed at
   * @param changes by which rules it reads documents
   * @param deletions by which it reads tombstones; null if there are none
   */
  OrderRun(Remembered before, Cursor cursor, WindowRules changes, @Nullable WindowRules deletions) {
    this.before = before;
    this.cursor = cursor;
    this.changes = changes;
    this.deletions = deletions;
  }

  /** What of the draft is taken. */
  List<Change> taken(BatchDraft draft, StoredDocuments stored) {
    WithoutGtid known = before.withoutGtid();
    Left left = before.orderedByVersion(changes.horizon());
    if (known == null || left == null) {
      return draft.changes();
    }
    Map<DocumentKey, Long> deleted = new HashMap<>();
    known.deleted().forEach(pair -> deleted.merge(pair.key(), pair.version(), Math::max));
    draft.deleted().forEach(pair -> deleted.merge(pair.key(), through(pair), Math::max));
    VersionOrder order = new VersionOrder(left.at(), changes.clock());
    List<Change> all = draft.changes();
    Map<DocumentKey, Set<Long>> indexed = versions(all, stored);
    List<Change> taken = new ArrayList<>();
    for (Change change : all) {
      Set<Long> versions = indexed.getOrDefault(change.key(), Set.of());
      Long version = draft.rowVersion(change);
      Long deletedThrough = deleted.get(change.key());
      if (version == null
          ? order.takesAbsence(versions, deletedThrough)
          : order.takesRow(version, versions, deletedThrough)) {
        taken.add(change);
      }
    }
    findings.add(
        new Finding(
            "the server has changed, and without GTID nothing says whether it lags behind",
            "%s; %d of %d reads were older than what is indexed, and not taken"
                .formatted(left.why(), all.size() - taken.size(), all.size()),
            "turn on GTID on all servers; then all keys are compared, which puts the rest right"));
    return List.copyOf(taken);
  }

  private static Map<DocumentKey, Set<Long>> versions(List<Change> of, StoredDocuments stored) {
    try {
      return stored.versions(of.stream().map(Change::key).toList());
    } catch (IOException e) {
      // As for all comparing: an index that can't be read fails no poll.
      LOG.warn("the index can't be read, so tombstones alone decide: {}", e.toString(), e);
      return Map.of();
    }
  }

  /** Up to when no row of a tombstone's key counts: both columns may be coarse, and round. */
  private long through(Cursor tombstone) {
    WindowRules rules = deletions == null ? changes : deletions;
    return rules.clock().last(tombstone.version()) + rules.coarseTick() + changes.coarseTick();
  }

  /**
   * What later polls need to know.
   *
   * @param after what else this poll leaves
   */
  Remembered remembered(Remembered after, BatchDraft draft) {
    WithoutGtid known = after.withoutGtid();
    if (known == null) {
      return after;
    }
    Left left = after.orderedByVersion(changes.horizon());
    return after.with(
        new WithoutGtid(known.server(), known.largestLag(), left, deleted(known, draft.deleted())));
  }

  /** Old ones go when new ones come, so that nothing new writes nothing. */
  private List<Cursor> deleted(WithoutGtid known, List<Cursor> applied) {
    if (applied.isEmpty()) {
      return known.deleted();
    }
    NavigableSet<Cursor> deleted = new TreeSet<>(known.deleted());
    boolean isNew = false;
    for (Cursor pair : applied) {
      isNew |= deleted.add(new Cursor(through(pair), pair.key()));
    }
    if (!isNew) {
      return known.deleted();
    }
    long since = read() - changes.overlap() - known.largestLag();
    deleted.headSet(new Cursor(since, DocumentKey.EMPTY)).clear();
    int tooMany = deleted.size() - MOST_DELETED;
    for (int i = 0; i < tooMany; i++) {
      deleted.pollFirst();
    }
    if (tooMany > 0) {
      findings.add(
          new Finding(
              "more deletions than are remembered for a change of servers",
              "%d came within %d s: the oldest %d were dropped"
                  .formatted(
                      MOST_DELETED + tooMany, (changes.horizon() - since) / 1_000_000, tooMany),
              "turn on GTID on all servers; else a server that lags may bring them back until all"
                  + " keys are compared"));
    }
    return List.copyOf(deleted);
  }

  /** From where on looking back goes, which is long ago if no document has changed since. */
  private long read() {
    return cursor.equals(Cursor.START)
        ? changes.horizon()
        : Math.min(changes.horizon(), changes.clock().first(cursor.version()));
  }

  /** What somebody should hear of. */
  List<Finding> findings() {
    return findings;
  }
}
