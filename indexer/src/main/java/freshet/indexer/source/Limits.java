package freshet.indexer.source;

/**
 * Bounds of what a poll reads and keeps.
 *
 * @param pageRows rows of one query
 * @param batchRows changes of one batch
 * @param batchBytes text of one batch, about; a batch may go over it by some hundred rows
 * @param rowBytes of one row; a larger one is set aside
 * @param windowPairs pairs of the overlap that are kept across polls, shared evenly by all tables
 */
public record Limits(int pageRows, int batchRows, long batchBytes, long rowBytes, int windowPairs) {
  /** 2,000 rows a page, 50,000 rows or 64 MB a batch, 64 MB a row, 2,000,000 pairs. */
  public static final Limits DEFAULT = new Limits(2_000, 50_000, 64L << 20);

  /** With rows as large, and as many pairs, as by default. */
  public Limits(int pageRows, int batchRows, long batchBytes) {
    this(pageRows, batchRows, batchBytes, 64L << 20, 2_000_000);
  }

  /** Refuses what is not positive. */
  public Limits {
    if (pageRows < 1 || batchRows < 1 || batchBytes < 1 || rowBytes < 1 || windowPairs < 1) {
      throw new IllegalArgumentException(
          "page of %d rows, batch of %d rows or %d bytes, row of %d bytes, window of %d pairs: expected more than 0"
              .formatted(pageRows, batchRows, batchBytes, rowBytes, windowPairs));
    }
  }
}
