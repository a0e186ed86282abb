package freshet.indexer.benchmark.build;

/** An index does not hold what the table holds, or a process failed: no figure of it counts. */
public final class WrongContent extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public WrongContent(String message) {
    super(message);
  }
}
