package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The SQL of a scan, beside that of polls. A stretch is after one key, up to and with another. */
public final class ScanStatements {
  private final PollStatements polls;

  /** Of the same tables and columns as a poll's. */
  public ScanStatements(PollStatements polls) {
    this.polls = polls;
  }

  /** The SQL of polls. */
  public PollStatements polls() {
    return polls;
  }

  /** Version, key columns and content of documents, in the order of their keys. */
  Query rows(DocumentKey after, DocumentKey upTo, int limit) {
    if (polls.isByKeyOnly()) {
      throw new IllegalStateException("the documents are had by key only");
    }
    return polls.documents().stretch(", " + polls.rowColumns(), after, upTo, limit);
  }

  /** Version and key columns of documents, in the order of their keys. */
  public Query keys(DocumentKey after, DocumentKey upTo, int limit) {
    return polls.documents().stretch("", after, upTo, limit);
  }

  /** Key columns of a document of which one is NULL, which no stretch has. */
  Query withoutKey() {
    return polls.documents().withoutKey();
  }

  /** Version and key columns of the document with the last key. */
  public Query lastKey() {
    return polls.documents().last();
  }

  /** Version and key columns of these keys' documents, as the database orders keys. */
  public Query inOrder(List<DocumentKey> keys) {
    return polls.documents().inOrder(keys);
  }

  /** Version and key columns of the first document that is stamped so, or later. */
  public Query stampedSince(long version) {
    return polls.pairs(new Cursor(version, DocumentKey.EMPTY), 1);
  }

  /** How the server would read a stretch, and so how many rows it takes that for. */
  public Query explain(DocumentKey after, DocumentKey upTo) {
    List<Object> parameters = new ArrayList<>();
    // All columns, so that no narrow index of the whole table is cheaper than the stretch.
    return new Query(
        "EXPLAIN SELECT * FROM %s WHERE %s"
            .formatted(
                polls.documents().quotedTable(),
                polls.documents().between(after, upTo, parameters)),
        parameters);
  }

  /** Version and key columns of a newest document up to a version. */
  public Query newestDocument(long through) {
    return polls.documents().newest(through);
  }

  /** Version and key columns of a newest tombstone up to a version. */
  public Query newestTombstone(long through) {
    return Objects.requireNonNull(polls.deletions(), "tombstones are configured").newest(through);
  }

  /** Version and key columns of a newest row of a side table up to a version. */
  public Query newestOf(SideTable side, long through) {
    return PollStatements.of(side).newest(through);
  }
}
