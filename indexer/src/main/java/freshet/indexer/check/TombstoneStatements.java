package freshet.indexer.check;

import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How deletions come to be noted: the table, the trigger, and what evades it.
 *
 * @param table of the documents
 * @param tombstones as they are configured, or proposed
 */
record TombstoneStatements(TableSpec table, Tombstones tombstones) {
  /** Of a trigger, without what is put behind it: a server takes 64 characters. */
  private static final int LONGEST_NAME = 48;

  /** By which a table is known that was made together with its trigger. */
  private static final String COMMENT = "deletions, noted by a trigger";

  private static final Pattern CASCADE =
      Pattern.compile(
          "CONSTRAINT (`(?:[^`]|``)+`) (FOREIGN KEY \\(.*?\\) REFERENCES .*?\\))"
              + "((?: ON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|SET DEFAULT|RESTRICT|NO ACTION))+)");

  /**
   * The statement that makes the tombstones' table, with the key as the documents have it, or are
   * to have it.
   */
  String create(LiveTable documents) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < tombstones.key().size(); i++) {
      LiveColumn key = documents.column(table.key().get(i).name());
      String type = key == null ? "BIGINT" : key.type();
      String collated =
          key == null || key.collation() == null
              ? ""
              : " CHARACTER SET " + key.charset() + " COLLATE " + key.exactCollation();
      columns.add(Sql.quoted(tombstones.key().get(i)) + " " + type + collated + " NOT NULL");
    }
    List<String> primary = new ArrayList<>(List.of(tombstones.version().name()));
    primary.addAll(tombstones.key());
    return "CREATE TABLE %s (%s, %s %s NOT NULL, PRIMARY KEY (%s)) COMMENT '%s'"
        .formatted(
            Sql.quoted(tombstones.table()),
            String.join(", ", columns),
            Sql.quoted(tombstones.version().name()),
            typeOf(tombstones.version()),
            Statements.quoted(primary),
            COMMENT);
  }

  /** Whether a table comes from such a statement, which a trigger's follows. */
  static boolean isMade(LiveTable tombstones) {
    return tombstones.definition().contains(COMMENT);
  }

  /** The statement that has every deletion noted. */
  String trigger() {
    return "CREATE TRIGGER %s AFTER DELETE ON %s FOR EACH ROW %s VALUES (%s, %s)"
        .formatted(
            named("_deleted_freshet"),
            Sql.quoted(table.name()),
            note(),
            key("OLD."),
            tombstones.version().now());
  }

  /** The statement that has a row noted as deleted under the key that an UPDATE takes from it. */
  String triggerOfKeys() {
    return "CREATE TRIGGER %s AFTER UPDATE ON %s FOR EACH ROW %s SELECT %s, %s FROM DUAL WHERE (%s) <> (%s)"
        .formatted(
            named("_moved_freshet"),
            Sql.quoted(table.name()),
            note(),
            key("OLD."),
            tombstones.version().now(),
            key("OLD."),
            key("NEW."));
  }

  /** The statement that has tombstones removed a day after they have lived as long as they must. */
  String purge() {
    return "CREATE EVENT %s ON SCHEDULE EVERY 1 DAY DO DELETE FROM %s WHERE %s < %s - INTERVAL %d DAY"
        .formatted(
            named("_purge_freshet"),
            Sql.quoted(tombstones.table()),
            Sql.name(tombstones.version().name()),
            tombstones.version().now(),
            tombstones.keptFor().toDays() + 1);
  }

  private String note() {
    List<String> columns = new ArrayList<>(tombstones.key());
    columns.add(tombstones.version().name());
    return "REPLACE INTO %s (%s)"
        .formatted(Sql.quoted(tombstones.table()), Statements.quoted(columns));
  }

  private String key(String row) {
    return table.key().stream()
        .map(column -> row + Sql.quoted(column.name()))
        .collect(Collectors.joining(", "));
  }

  private String named(String end) {
    String name = table.name().substring(table.name().indexOf('.') + 1);
    return Sql.name(name.substring(0, Math.min(name.length(), LONGEST_NAME)) + end);
  }

  /** A foreign key changes and deletes rows without running triggers or ON UPDATE. */
  static List<Finding> cascades(LiveTable documents) {
    List<Finding> findings = new ArrayList<>();
    for (String line : documents.definition().lines().toList()) {
      Matcher found = CASCADE.matcher(line);
      if (found.find() && found.group(3).matches(".*(CASCADE|SET NULL|SET DEFAULT).*")) {
        String name = found.group(1).substring(1, found.group(1).length() - 1);
        findings.add(
            new Finding(
                "foreign key %s of table %s acts without triggers: what it deletes leaves no tombstone, what it changes keeps its version"
                    .formatted(name, documents.name()),
                found.group(2) + found.group(3),
                "ALTER TABLE %s DROP FOREIGN KEY %s, ADD CONSTRAINT `%s_restrict` %s"
                    .formatted(
                        Sql.quoted(documents.name()), found.group(1), name, found.group(2))));
      }
    }
    return findings;
  }

  static String typeOf(VersionColumn version) {
    return switch (version.type()) {
      case VersionColumn.DateTime dateTime -> "DATETIME(" + dateTime.digits() + ")";
      case VersionColumn.Timestamp(int digits) -> "TIMESTAMP(" + digits + ")";
      case VersionColumn.Epoch epoch -> "BIGINT";
    };
  }
}
