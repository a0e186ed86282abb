package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds documents that seem to differ from the table against their rows, and puts those that do
 * into the batch. What made a document suspicious may be old by now; the row decides.
 */
final class RowCheck {

  /** What a suspicion came to. */
  enum Outcome {
    /** None: the index is as the row is. */
    SAME,
    /** The row is not indexed. */
    MISSING,
    /** The row is indexed with another version. */
    OUTDATED,
    /** The document has no row, or one that is not to be searched. */
    GHOST
  }

  /**
   * A document that was looked up.
   *
   * @param row null if there is none
   */
  record Checked(DocumentKey key, @Nullable Row row, Outcome outcome) {}

  private final PageReader reader;
  private final StoredDocuments stored;
  private final BatchDraft draft;

  RowCheck(PageReader reader, StoredDocuments stored, BatchDraft draft) {
    this.reader = reader;
    this.stored = stored;
    this.draft = draft;
  }

  /** The versions that the index holds of these documents. */
  Map<DocumentKey, Set<Long>> indexed(Collection<DocumentKey> keys) throws IOException {
    return stored.versions(keys);
  }

  /** Whether this poll has read the document already, so that it is as the table is. */
  boolean isRead(DocumentKey key) {
    return draft.has(key);
  }

  /** Looks them up; fewer are returned than given if the batch is full. */
  List<Checked> check(
      List<DocumentKey> suspects, Map<DocumentKey, Set<Long>> indexed, Origin origin)
      throws SourceException {
    List<Checked> checked = new ArrayList<>();
    for (List<DocumentKey> some : KeyChunks.of(suspects)) {
      if (draft.mustEnd()) {
        break;
      }
      Map<DocumentKey, Row> rows = reader.lookUp(some);
      for (DocumentKey key : some) {
        Row row = rows.get(key);
        Outcome outcome = outcome(row, indexed.getOrDefault(key, Set.of()));
        if (outcome != Outcome.SAME) {
          note(key, row, origin);
        }
        checked.add(new Checked(key, row, outcome));
      }
    }
    return checked;
  }

  private void note(DocumentKey key, @Nullable Row row, Origin origin) {
    if (row == null) {
      draft.noteAbsent(key, origin);
    } else {
      draft.note(row, origin);
    }
  }

  static Outcome outcome(@Nullable Row row, Set<Long> indexed) {
    return switch (row) {
      case Row.Found found when indexed.isEmpty() -> Outcome.MISSING;
      case Row.Found found ->
          indexed.equals(Set.of(found.version())) ? Outcome.SAME : Outcome.OUTDATED;
      case Row.NotSearchable hidden -> indexed.isEmpty() ? Outcome.SAME : Outcome.GHOST;
      case null -> indexed.isEmpty() ? Outcome.SAME : Outcome.GHOST;
      // It was set aside; what is indexed of it stays.
      case Row.Unfit unfit -> Outcome.SAME;
      case Row.Gone gone -> Outcome.SAME;
    };
  }
}
