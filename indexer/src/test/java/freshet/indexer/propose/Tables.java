package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveIndex;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.ColumnSample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tables as a server would describe them, for tests without one. */
final class Tables {
  private Tables() {}

  /** A table with the primary key {@code id}, or none if it has no such column. */
  static LiveTable of(String name, String... declarations) {
    Map<String, LiveColumn> columns = new LinkedHashMap<>();
    for (String declaration : declarations) {
      int blank = declaration.indexOf(' ');
      columns.put(declaration.substring(0, blank), column(declaration.substring(blank + 1)));
    }
    List<LiveIndex> indexes =
        columns.containsKey("id")
            ? List.of(new LiveIndex("PRIMARY", List.of("id"), true, true, true))
            : List.of();
    return new LiveTable(name, false, columns, indexes, List.of(), "");
  }

  /** The same table with these indexes. */
  static LiveTable indexed(LiveTable table, LiveIndex... indexes) {
    return new LiveTable(
        table.name(), false, table.columns(), List.of(indexes), List.of(), table.definition());
  }

  static LiveIndex unique(String name, String... columns) {
    return new LiveIndex(name, List.of(columns), true, true, true);
  }

  /** A column by what stands behind its name. */
  static LiveColumn column(String declaration) {
    String lower = declaration.toLowerCase(Locale.ROOT);
    String type = lower.replaceFirst("^([a-z0-9]+(?:\\([^)]*\\))?(?: unsigned)?).*", "$1");
    boolean isLetters = type.matches("(?:var)?char.*|.*text|enum.*|set.*");
    return new LiveColumn(
        type,
        !lower.contains("not null"),
        isLetters ? "utf8mb4" : null,
        isLetters ? "utf8mb4_bin" : null,
        declaration);
  }

  static ColumnSample sample(String... values) {
    return new ColumnSample(List.of(values), 10);
  }
}
