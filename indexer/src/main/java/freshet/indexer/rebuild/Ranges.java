package freshet.indexer.rebuild;

/** Into how many ranges a table is split. Pure. */
final class Ranges {
  /** Enough rows that a range's beginning and end cost nothing beside them. */
  private static final long ROWS = 4_000;

  /** So that the last one does not keep everybody waiting, and the state stays small. */
  private static final int MOST = 256;

  private Ranges() {}

  static int parts(long estimatedRows) {
    return Math.clamp(estimatedRows / ROWS, 1, MOST);
  }
}
