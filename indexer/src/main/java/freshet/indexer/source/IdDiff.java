package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.source.PageWalk.Page;
import freshet.indexer.source.PageWalk.Verdict;
import freshet.indexer.source.RowCheck.Checked;
import freshet.indexer.source.RowCheck.Outcome;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.TableKey;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares all keys and versions, first those of the table with the index, then those of the index
 * with the table. Neither side's order is expected of the other: a collation may order strings
 * otherwise than their bytes. Memory is that of a page.
 */
final class IdDiff {
  private final PageReader reader;
  private final StoredDocuments stored;
  private final RowCheck rows;
  private DiffCounts counts = DiffCounts.NONE;

  IdDiff(PageReader reader, StoredDocuments stored, RowCheck rows) {
    this.reader = reader;
    this.stored = stored;
    this.rows = rows;
  }

  /** Compares a page of the table's keys: which are missing in the index, or outdated there? */
  Page<DocumentKey> compareTable(DocumentKey after, int limit) throws SourceException, IOException {
    List<TableKey> page = reader.keysAfter(after, limit);
    List<DocumentKey> keys = page.stream().map(TableKey::key).toList();
    Map<DocumentKey, Set<Long>> indexed = rows.indexed(keys);
    List<DocumentKey> suspects = new ArrayList<>();
    for (TableKey row : page) {
      if (!agrees(row, indexed.getOrDefault(row.key(), Set.of()))) {
        suspects.add(row.key());
      }
    }
    return page(page.size() < limit ? null : keys.getLast(), page.size(), suspects, indexed);
  }

  /** Compares a page of the index's keys: which have no row? */
  Page<DocumentKey> compareIndex(DocumentKey after, int limit) throws SourceException, IOException {
    List<DocumentKey> keys = stored.keysAfter(after, limit);
    Map<DocumentKey, TableKey> inTable = new HashMap<>();
    for (List<DocumentKey> some : KeyChunks.of(keys)) {
      reader.keys(some).forEach(row -> inTable.put(row.key(), row));
    }
    List<DocumentKey> suspects = new ArrayList<>();
    for (DocumentKey key : keys) {
      TableKey row = inTable.get(key);
      if (row == null || !row.isSearchable()) {
        suspects.add(key);
      }
    }
    return page(
        keys.size() < limit ? null : keys.getLast(), keys.size(), suspects, rows.indexed(suspects));
  }

  private static boolean agrees(TableKey row, Set<Long> indexed) {
    return row.isSearchable() ? indexed.equals(Set.of(row.version())) : indexed.isEmpty();
  }

  private Page<DocumentKey> page(
      @Nullable DocumentKey last,
      int size,
      List<DocumentKey> suspects,
      Map<DocumentKey, Set<Long>> indexed)
      throws SourceException {
    List<DocumentKey> unread = suspects.stream().filter(key -> !rows.isRead(key)).toList();
    List<Checked> checked = rows.check(unread, indexed, Origin.DIFF);
    DiffCounts page =
        new DiffCounts(
            size,
            count(checked, Outcome.MISSING),
            count(checked, Outcome.OUTDATED),
            count(checked, Outcome.GHOST));
    counts = counts.plus(page);
    if (checked.size() < unread.size()) {
      return new Page<>(last, Verdict.CUT_SHORT);
    }
    return new Page<>(last, page.found() > 0 ? Verdict.DIFFERED : Verdict.RIGHT);
  }

  private static long count(List<Checked> checked, Outcome outcome) {
    return checked.stream().filter(one -> one.outcome() == outcome).count();
  }

  /** What this poll has come upon. */
  DiffCounts counts() {
    return counts;
  }
}
