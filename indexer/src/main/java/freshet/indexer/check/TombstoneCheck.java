package freshet.indexer.check;

import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.IndexSchema;
import java.time.Duration;
import java.util.List;

/** Whether every deletion leaves a tombstone, in the right order beside the documents. */
final class TombstoneCheck {
  /** Rows that are older show that the table is in use, so that something was deleted. */
  private static final Duration IN_USE = Duration.ofDays(1);

  private static final long MICROS_PER_MILLI = 1_000;

  private final TableSpec table;
  private final Tombstones tombstones;
  private final PollStatements statements;

  TombstoneCheck(SourceOptions options, Tombstones tombstones, IndexSchema schema) {
    this.table = options.table();
    this.tombstones = tombstones;
    this.statements = new PollStatements(options.table(), tombstones, schema);
  }

  /** Tombstones whose column has a coarser tick are ordered before changes that they follow. */
  List<Finding> precision(LiveTable live) {
    LiveColumn column = live.column(tombstones.version().name());
    if (column == null || tombstones.version().tickMicros() <= table.version().tickMicros()) {
      return List.of();
    }
    boolean isPointInTime =
        column.type().startsWith("datetime") || column.type().startsWith("timestamp");
    return List.of(
        new Finding(
            "tombstones are stamped more coarsely than documents, so that a deletion may seem older than the change before it; configure the new type as tombstones.version.type as well",
            "%s.%s is %s, %s.%s is %s"
                .formatted(
                    table.name(),
                    table.version().name(),
                    TombstoneStatements.typeOf(table.version()),
                    tombstones.table(),
                    tombstones.version().name(),
                    TombstoneStatements.typeOf(tombstones.version())),
            isPointInTime
                ? Statements.modify(
                    tombstones.table(),
                    tombstones.version().name(),
                    column.withDigits(digits(table.version())))
                : "write tombstones in the documents' unit, and configure it"));
  }

  /** Whether anything writes tombstones at all. */
  List<Finding> writer(
      LiveTable documents,
      LiveTable deletions,
      Account account,
      Conversation server,
      long nowMicros)
      throws SourceException {
    if (documents.isView()
        || !isInUse(server, nowMicros)
        || hasTombstone(server)
        || LiveTable.hasDeleteTrigger(server, table.name())) {
      return List.of();
    }
    String trigger = new TombstoneStatements(table, tombstones).trigger();
    if (TombstoneStatements.isMade(deletions) && !account.seesTriggers(server, table.name())) {
      return List.of(
          Finding.advice(
              "nothing shows yet that deletions are noted; the first one will",
              "table %s is empty, and the account may not see triggers of %s"
                  .formatted(tombstones.table(), table.name()),
              "see with SHOW TRIGGERS, as an administrator, that there is one; else run: "
                  + trigger));
    }
    return List.of(
        new Finding(
            "nothing shows that deletions are noted: without tombstones deleted documents stay",
            "table %s is empty, and no trigger ON DELETE of %s is visible to the account"
                .formatted(tombstones.table(), table.name()),
            trigger));
  }

  private boolean isInUse(Conversation server, long nowMicros) throws SourceException {
    long[] oldest = {Long.MAX_VALUE};
    server.run(
        "reading the oldest row",
        on -> {
          on.read(
              statements.pairs(Cursor.START, 1),
              row -> {
                oldest[0] = row.getLong(1);
                return false;
              });
          return oldest;
        });
    return oldest[0] < nowMicros - IN_USE.toMillis() * MICROS_PER_MILLI;
  }

  private boolean hasTombstone(Conversation server) throws SourceException {
    return !server
        .rows(
            "looking for a tombstone",
            Query.of("SELECT 1 FROM " + Sql.quoted(tombstones.table()) + " LIMIT 1"))
        .isEmpty();
  }

  private static int digits(VersionColumn version) {
    return switch (version.type()) {
      case VersionColumn.DateTime dateTime -> dateTime.digits();
      case VersionColumn.Timestamp(int digits) -> digits;
      case VersionColumn.Epoch(VersionColumn.Unit unit) ->
          unit.micros() == 1 ? 6 : unit.micros() == 1_000 ? 3 : 0;
    };
  }
}
