package freshet.indexer.scan;

import freshet.indexer.scan.PatientSession.Leg;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.Row;
import freshet.indexer.table.StretchReader;
import freshet.replicator.snapshot.DocumentKey;

/** How far the reading of a range has come, and how large its next page should be. */
final class RangeRead {
  /** Text of a page, about: what the readers hold in memory is this for each of them. */
  private static final long PAGE_BYTES = 8L << 20;

  private final int pageRows;
  private KeyRange left;
  private boolean isDone;
  private long bytesPerRow = 1;

  RangeRead(int pageRows, KeyRange range) {
    this.pageRows = pageRows;
    this.left = range;
  }

  /** Whether nothing is left. */
  boolean isDone() {
    return isDone;
  }

  /**
   * Reads the next page, which counts only once {@link #hasMovedTo} was asked.
   *
   * @param most rows of it
   */
  StretchReader.Page next(Leg leg, int most) throws SourceException {
    long fitting = Math.max(1, PAGE_BYTES / bytesPerRow);
    int limit = (int) Math.min(fitting, Math.min(most, pageRows));
    return leg.reader().page(left.after(), left.upTo(), limit, 2 * PAGE_BYTES);
  }

  /** Goes on behind a page; whether there was anything in it. */
  boolean hasMovedTo(StretchReader.Page page) {
    isDone = page.isEnd();
    long bytes = 0;
    for (Row row : page.rows()) {
      bytes += row instanceof Row.Found found ? found.bytes() : 1;
    }
    bytesPerRow = Math.max(1, bytes / Math.max(1, page.rows().size()));
    DocumentKey before = left.after();
    left = left.startingAfter(page.last());
    return !page.last().equals(before);
  }
}
