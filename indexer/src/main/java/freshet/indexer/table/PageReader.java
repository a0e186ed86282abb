package freshet.indexer.table;

import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The reads that a poll is made of. Each sees what was committed when it began. A place is
 * exclusive, except that one with the empty key includes all pairs of its version.
 */
public interface PageReader {

  /** The first pairs of the tombstones after a place, in keyset order. */
  List<Cursor> tombstones(Cursor after, int limit) throws SourceException;

  /**
   * All tombstones of these keys that are left; it may take an index of all of them to find out.
   */
  List<Cursor> tombstonesOf(List<DocumentKey> keys) throws SourceException;

  /** The first pairs of the documents' table after a place, in keyset order. */
  List<Cursor> pairs(Cursor after, int limit) throws SourceException;

  /** Whether rows can be had by {@link #lookUp} alone, and not in keyset order. */
  default boolean isByKeyOnly() {
    return false;
  }

  /**
   * The first rows after a place, in keyset order.
   *
   * @param goOn called with each row; reading ends when it says no
   * @return how many rows it was called with
   */
  int rows(Cursor after, int limit, Predicate<Row> goOn) throws SourceException;

  /**
   * The first rows after a key, without their content, in the order that the database gives keys,
   * which need not be that of their bytes; from the first row if the key is empty.
   */
  List<TableKey> keysAfter(DocumentKey after, int limit) throws SourceException;

  /** The rows of these keys without their content; those that do not exist are missing. */
  List<TableKey> keys(List<DocumentKey> keys) throws SourceException;

  /** The rows of these keys; those that do not exist are missing in the result. */
  Map<DocumentKey, Row> lookUp(List<DocumentKey> keys) throws SourceException;

  /** The first pairs of a side table after a place, in keyset order. */
  List<Cursor> sidePairs(SideTable side, Cursor after, int limit) throws SourceException;

  /**
   * The first documents that rows of a side table concern, each once, in the order of their keys.
   *
   * @param after where to go on; the empty key is the start
   */
  List<DocumentKey> documentsOf(
      SideTable side, List<DocumentKey> sideKeys, DocumentKey after, int limit)
      throws SourceException;
}
