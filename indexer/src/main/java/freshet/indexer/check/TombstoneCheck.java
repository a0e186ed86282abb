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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether every deletion leaves a tombstone, in the right order beside the documents. */
final class TombstoneCheck {
  /** Rows that are older show that the table is in use, so that something was deleted. */
  private static final Duration IN_USE = Duration.ofDays(1);

  private static final long MICROS_PER_MILLI = 1_000;

  private static final Pattern CASCADE =
      Pattern.compile(
          "CONSTRAINT (`(?:[^`]|``)+`) (FOREIGN KEY \\(.*?\\) REFERENCES .*?\\))"
              + "((?: ON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|SET DEFAULT|RESTRICT|NO ACTION))+)");

  private final TableSpec table;
  private final Tombstones tombstones;
  private final PollStatements statements;

  TombstoneCheck(SourceOptions options, Tombstones tombstones, IndexSchema schema) {
    this.table = options.table();
    this.tombstones = tombstones;
    this.statements = new PollStatements(options.table(), tombstones, schema);
  }

  /** The statement that makes the tombstones' table, with the key as the documents have it. */
  String create(LiveTable documents) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < tombstones.key().size(); i++) {
      LiveColumn key = documents.column(table.key().get(i).name());
      String type = key == null ? "BIGINT" : key.type();
      String collated =
          key == null || key.collation() == null
              ? ""
              : " CHARACTER SET " + key.charset() + " COLLATE " + key.collation();
      columns.add(Sql.quoted(tombstones.key().get(i)) + " " + type + collated + " NOT NULL");
    }
    List<String> primary = new ArrayList<>(List.of(tombstones.version().name()));
    primary.addAll(tombstones.key());
    return "CREATE TABLE %s (%s, %s %s NOT NULL, PRIMARY KEY (%s))"
        .formatted(
            Sql.quoted(tombstones.table()),
            String.join(", ", columns),
            Sql.quoted(tombstones.version().name()),
            typeOf(tombstones.version()),
            Statements.quoted(primary));
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
                    typeOf(table.version()),
                    tombstones.table(),
                    tombstones.version().name(),
                    typeOf(tombstones.version())),
            isPointInTime
                ? Statements.modify(
                    tombstones.table(),
                    tombstones.version().name(),
                    column.withDigits(digits(table.version())))
                : "write tombstones in the documents' unit, and configure it"));
  }

  /** Whether anything writes tombstones at all. */
  List<Finding> writer(LiveTable documents, Conversation server, long nowMicros)
      throws SourceException {
    if (documents.isView()
        || !isInUse(server, nowMicros)
        || hasTombstone(server)
        || hasTrigger(server)) {
      return List.of();
    }
    return List.of(
        new Finding(
            "nothing shows that deletions are noted: without tombstones deleted documents stay",
            "table %s is empty, and no trigger ON DELETE of %s is visible to the account"
                .formatted(tombstones.table(), table.name()),
            trigger()));
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

  private boolean hasTrigger(Conversation server) throws SourceException {
    String name = table.name().substring(table.name().indexOf('.') + 1);
    List<Map<String, String>> found =
        server.rows(
            "looking for triggers",
            new Query(
                "SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS"
                    + " WHERE EVENT_OBJECT_TABLE = ? AND EVENT_MANIPULATION = 'DELETE'",
                List.of(name)));
    return !found.isEmpty();
  }

  private String trigger() {
    List<String> columns = new ArrayList<>(tombstones.key());
    columns.add(tombstones.version().name());
    String name = table.name().substring(table.name().indexOf('.') + 1) + "_deleted_freshet";
    return "CREATE TRIGGER %s AFTER DELETE ON %s FOR EACH ROW REPLACE INTO %s (%s) VALUES (%s, %s)"
        .formatted(
            Sql.quoted(name),
            Sql.quoted(table.name()),
            Sql.quoted(tombstones.table()),
            Statements.quoted(columns),
            table.key().stream()
                .map(column -> "OLD." + Sql.quoted(column.name()))
                .collect(Collectors.joining(", ")),
            tombstones.version().now());
  }

  /** A foreign key changes and deletes rows without running triggers or ON UPDATE. */
  List<Finding> cascades(LiveTable documents) {
    List<Finding> findings = new ArrayList<>();
    for (String line : documents.definition().lines().toList()) {
      Matcher found = CASCADE.matcher(line);
      if (found.find() && found.group(3).matches(".*(CASCADE|SET NULL|SET DEFAULT).*")) {
        String name = found.group(1).substring(1, found.group(1).length() - 1);
        findings.add(
            new Finding(
                "foreign key %s of table %s acts without triggers: what it deletes leaves no tombstone, what it changes keeps its version"
                    .formatted(name, table.name()),
                found.group(2) + found.group(3),
                "ALTER TABLE %s DROP FOREIGN KEY %s, ADD CONSTRAINT `%s_restrict` %s"
                    .formatted(Sql.quoted(table.name()), found.group(1), name, found.group(2))));
      }
    }
    return findings;
  }

  private static String typeOf(VersionColumn version) {
    return switch (version.type()) {
      case VersionColumn.DateTime dateTime -> "DATETIME(" + dateTime.digits() + ")";
      case VersionColumn.Timestamp(int digits) -> "TIMESTAMP(" + digits + ")";
      case VersionColumn.Epoch epoch -> "BIGINT";
    };
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
