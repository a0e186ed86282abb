package freshet.indexer.source;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Rows that are stamped later than the database's clock. They are indexed and stay in the window,
 * the cursor does not pass them, and they are found as long as they are there.
 */
final class FutureStamps {
  private static final int EXAMPLES = 3;

  /** A stamp is rounded to its digits, and written while the poll runs. */
  private static final long ROUNDING = 2_000_000;

  private FutureStamps() {}

  /**
   * What is wrong, if something is.
   *
   * @param window after the poll
   * @param clock of the database when the poll ended, in microseconds since 1970 UTC
   */
  static Optional<Finding> find(PairWindow window, long clock, KeyCodec keys) {
    NavigableSet<Cursor> later =
        window.seen().tailSet(new Cursor(clock + ROUNDING, DocumentKey.EMPTY), false);
    if (later.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder examples = new StringBuilder();
    later.stream()
        .limit(EXAMPLES)
        .forEach(
            pair ->
                examples.append(
                    "%s%s is stamped %s"
                        .formatted(
                            examples.isEmpty() ? "" : ", ",
                            keys.show(pair.key()),
                            PollPoint.time(pair.version()))));
    return Optional.of(
        new Finding(
            "rows are stamped later than the database's clock",
            "%d rows: %s; the clock shows %s"
                .formatted(later.size(), examples, PollPoint.time(clock)),
            "they are indexed; give them a version that is not in the future, so that an update is"
                + " always later"));
  }
}
