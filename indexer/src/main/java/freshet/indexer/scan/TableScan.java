package freshet.indexer.scan;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.Row;
import freshet.indexer.table.UnlistedRows;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a table from its start to its end, for a rebuild. Thread-safe. */
public interface TableScan extends AutoCloseable {

  /**
   * Where polls go on after the scan: nothing that changes from now on lies before it. To be asked
   * before the first row is read.
   */
  SourcePosition begin() throws SourceException;

  /**
   * Goes on with a scan of an earlier process, instead of {@link #begin()}: rows are read from
   * servers only that have what there was then.
   *
   * @param begun what that one's begin said
   */
  void resume(SourcePosition begun);

  /** How many rows there are, about, as the server's statistics say. */
  long estimatedRows() throws SourceException;

  /**
   * Splits the table into about as many ranges, of about as many rows each, in the order of their
   * keys. Together they are the whole table, whatever is inserted meanwhile.
   */
  List<KeyRange> split(int parts) throws SourceException;

  /**
   * Reads a range in pages, in the order of its keys. A page that fails is tried again from the
   * last key that was read; waits where the limits say so.
   *
   * @throws SourceException if it can't be read for good, or a stop was requested
   * @throws IOException as the sink throws it
   */
  void read(KeyRange range, RowSink sink) throws SourceException, IOException;

  /** Sets how fast all ranges together may be read, from the next page on. */
  void limits(ScanLimits limits);

  /** Why rows are not read just now, in words; empty while they are. */
  Optional<String> waitsFor();

  /** How long all threads together have waited so far, by reason; those without one are missing. */
  Map<WaitReason, Duration> waited();

  /** Rows that were read and are not indexed, since their city is not listed. */
  UnlistedRows unlisted();

  /** Takes the rows of one range, in order. Called by one thread at a time for a range. */
  interface RowSink {
    /**
     * Takes a page.
     *
     * @param rows of it; rows that vanished meanwhile are not among them, so there may be none
     * @param last key of the page: the scan can go on behind it
     */
    void page(List<Row> rows, DocumentKey last) throws IOException;
  }

  /** Ends connections at once. */
  @Override
  void close();
}
