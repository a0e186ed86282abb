package freshet.indexer.check;

import freshet.indexer.source.Finding;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.KeyType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether columns are there, and of the type that is configured. Pure. */
final class ColumnCheck {
  private static final Pattern DIGITS = Pattern.compile("\\((\\d)\\)");

  private final LiveTable live;

  ColumnCheck(LiveTable live) {
    this.live = live;
  }

  List<Finding> missing(List<String> needed) {
    List<Finding> findings = new ArrayList<>();
    for (String column : needed) {
      if (live.column(column) == null) {
        findings.add(
            new Finding(
                "table " + live.name() + " has no column " + column,
                "it has " + live.columns().keySet(),
                "correct the name in the configuration"));
      }
    }
    return findings;
  }

  /** That the version is missing; one that the server keeps by itself can be added. */
  List<Finding> missing(VersionColumn version) {
    if (live.column(version.name()) != null) {
      return List.of();
    }
    return List.of(
        new Finding(
            "table %s has no version column %s".formatted(live.name(), version.name()),
            "it has " + live.columns().keySet(),
            version.type() instanceof VersionColumn.Timestamp(int digits) && !live.isView()
                ? Statements.addVersion(live.name(), version.name(), digits)
                : "correct the name in the configuration"));
  }

  List<Finding> key(KeyColumn column) {
    LiveColumn found = live.column(column.name());
    if (found == null) {
      return List.of();
    }
    if (!fits(column.type(), found)) {
      return List.of(
          new Finding(
              "key column %s of table %s is of another type than configured"
                  .formatted(column.name(), live.name()),
              "it is " + found.type() + ", configured is " + column.type(),
              "correct the key's type in the configuration"));
    }
    if (column.type() == KeyType.STRING && !found.isExact()) {
      return List.of(
          new Finding(
              "key column %s of table %s is not compared byte by byte, so keys are ordered otherwise than in the index"
                  .formatted(column.name(), live.name()),
              "its collation is " + found.collation(),
              Statements.modify(live.name(), column.name(), found.binary())));
    }
    if (found.isNullable() && !live.isView()) {
      return List.of(
          new Finding(
              "key column %s of table %s may be NULL; such a row can't become a document"
                  .formatted(column.name(), live.name()),
              "it is declared " + found.declaration(),
              Statements.modify(live.name(), column.name(), found.notNull())));
    }
    return List.of();
  }

  /** Whether a key column is there, and its values can be read as configured. */
  boolean fits(KeyColumn column) {
    LiveColumn found = live.column(column.name());
    return found != null && fits(column.type(), found);
  }

  private static boolean fits(KeyType type, LiveColumn found) {
    return found.keyType().filter(type::equals).isPresent();
  }

  List<Finding> version(VersionColumn version) {
    LiveColumn found = live.column(version.name());
    if (found == null) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    if (found.isNullable() && !live.isView()) {
      findings.add(
          new Finding(
              "version column %s of table %s may be NULL; such a row is never read"
                  .formatted(version.name(), live.name()),
              "it is declared " + found.declaration(),
              Statements.modify(live.name(), version.name(), found.notNull())));
    }
    String is = typeOf(found);
    String wanted = declared(version);
    if (!is.equals(wanted)) {
      findings.add(
          new Finding(
              "version column %s of table %s is of another type than configured"
                  .formatted(version.name(), live.name()),
              "it is " + is + ", configured is " + wanted,
              "correct the version's type in the configuration"));
    }
    return findings;
  }

  private static String typeOf(LiveColumn found) {
    Matcher digits = DIGITS.matcher(found.type());
    String base = found.type().replaceAll("[( ].*", "");
    return base.contains("int")
        ? "integer"
        : base + "(" + (digits.find() ? digits.group(1) : "0") + ")";
  }

  private static String declared(VersionColumn version) {
    return switch (version.type()) {
      case VersionColumn.DateTime dateTime -> "datetime(" + dateTime.digits() + ")";
      case VersionColumn.Timestamp(int digits) -> "timestamp(" + digits + ")";
      case VersionColumn.Epoch epoch -> "integer";
    };
  }
}
