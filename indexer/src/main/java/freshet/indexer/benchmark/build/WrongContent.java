package freshet.indexer.benchmark.build;

/** An index does not hold what the table holds, or a process failed: no figure of it counts. */
final class WrongContent extends Exception {
  private static final long serialVersionUID = 1L;

  WrongContent(String message) {
    super(message);
  }
}
