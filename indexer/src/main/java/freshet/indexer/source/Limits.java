package freshet.indexer.source;

/**
 * Bounds of what a poll reads and keeps.
 *
 * @param pageRows rows of one query
 * @param batchRows changes of one batch
 * @param batchBytes text of one batch, about; a batch may go over it by some hundred rows
 */
public record Limits(int pageRows, int batchRows, long batchBytes) {
  /** 2,000 rows a page, 50,000 rows or 64 MB a batch. */
  public static final Limits DEFAULT = new Limits(2_000, 50_000, 64L << 20);

  /** Refuses what is not positive. */
  public Limits {
    if (pageRows < 1 || batchRows < 1 || batchBytes < 1) {
      throw new IllegalArgumentException(
          "page of %d rows, batch of %d rows or %d bytes: expected more than 0"
              .formatted(pageRows, batchRows, batchBytes));
    }
  }
}
