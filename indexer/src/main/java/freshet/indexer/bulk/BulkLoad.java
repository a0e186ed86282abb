package freshet.indexer.bulk;

import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Takes the documents of a whole table and builds the index of each city that they belong to. What
 * {@link #add} has taken survives the end of the process; what {@link #finish} has committed
 * survives that of the machine. Thread-safe: several ranges of the table are added at once.
 */
public interface BulkLoad extends AutoCloseable {

  /** The last key that was added of each range, by its number; ranges without any are missing. */
  Map<Integer, DocumentKey> reached();

  /** Documents that were added so far, those before a restart included. */
  long documents();

  /**
   * Adds a page of a range. Waits while the indexes are behind.
   *
   * @param range its number
   * @param documents each of which was not added before
   * @param last the key up to which the range is done with this page
   * @throws IOException if the disk failed: everything that was added before is kept
   */
  void add(int range, List<SourceDocument> documents, DocumentKey last) throws IOException;

  /**
   * Commits all indexes, each with this position, so that they can be opened as working indexes. To
   * be called once, after the last page; nothing is added afterwards.
   */
  void finish(SourcePosition position) throws IOException;

  /** Gives up what is in memory; the next one goes on with what was added. */
  @Override
  void close() throws IOException;
}
