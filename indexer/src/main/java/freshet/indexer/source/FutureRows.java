package freshet.indexer.source;

import freshet.indexer.session.Sql;
import freshet.indexer.table.TableSpec;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.KeyCodec;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says so when a row is stamped in the future. Such a row is indexed, and its correction too.
 *
 * @param table of the documents
 * @param codec of its keys
 */
record FutureRows(TableSpec table, KeyCodec codec) {
  /** A stamp is rounded to its digits, and written while the poll runs. */
  private static final long TOLERATED_MICROS = Duration.ofSeconds(2).toNanos() / 1_000;

  /**
   * A finding that names the last one, which stands for all: no cursor passes it, so that each poll
   * comes upon it again.
   *
   * @param last the document that is stamped last; null if none is later than the poll
   * @param nowMicros the server's clock when the poll ended
   */
  List<Finding> finding(@Nullable Cursor last, long nowMicros) {
    if (last == null
        || table.version().clock().first(last.version()) <= nowMicros + TOLERATED_MICROS) {
      return List.of();
    }
    String version = table.version().name();
    return List.of(
        new Finding(
            "row %s of table %s is stamped in the future, so every poll comes upon it again"
                .formatted(codec.show(last.key()), table.name()),
            "its %s is %s, the server's clock shows %s"
                .formatted(
                    version, shown(last.version()), shown(table.version().clock().at(nowMicros))),
            "set %s of that row in %s to the time of its last change, and correct the clock of its writer"
                .formatted(Sql.name(version), Sql.quoted(table.name()))));
  }

  private static String shown(long micros) {
    return LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
        .plus(micros, ChronoUnit.MICROS)
        .toString();
  }
}
