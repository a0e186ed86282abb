package freshet.indexer.check;

import java.time.Duration;

/**
 * Statements that the server itself ends after some time: a client that only goes away leaves it at
 * work.
 */
public final class Bounded {
  private Bounded() {}

  /**
   * A SELECT that fails after this time. Each of the two servers reads its own word for it and
   * takes the other for a comment.
   *
   * @param select begins with the word SELECT
   */
  public static String within(Duration most, String select) {
    return select.replaceFirst(
        "^SELECT ",
        "/*M! SET STATEMENT max_statement_time=%d FOR */ SELECT /*+ MAX_EXECUTION_TIME(%d) */ "
            .formatted(most.toSeconds(), most.toMillis()));
  }
}
