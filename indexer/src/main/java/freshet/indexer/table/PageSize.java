package freshet.indexer.table;

/**
 * How many rows are asked for at a time. It halves when a page fails for what may be its size, and
 * doubles again after several full pages in a row that did not fail. Lives as long as its source.
 */
public final class PageSize {
  private static final int GOOD_PAGES = 8;

  private final int most;
  private int rows;
  private int good;

  /**
   * Begins with the largest.
   *
   * @param most the configured one
   */
  public PageSize(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a page of " + most + " rows: expected 1 or more");
    }
    this.most = most;
    this.rows = most;
  }

  /** Rows of the next page. */
  public int rows() {
    return rows;
  }

  /** A page failed; says whether the next one is smaller for that. */
  boolean failed() {
    good = 0;
    if (rows == 1) {
      return false;
    }
    rows /= 2;
    return true;
  }

  /**
   * A page was read; says whether the next one is larger for that.
   *
   * @param asked the rows that it might have had: a small one proves nothing
   */
  boolean succeeded(int asked) {
    if (rows == most || asked < rows || ++good < GOOD_PAGES) {
      return false;
    }
    good = 0;
    rows = (int) Math.min(most, 2L * rows);
    return true;
  }
}
