package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveIndex;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.table.KeyColumn;
import freshet.replicator.snapshot.KeyType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** By which columns rows are told apart. Pure. */
final class KeyRule {
  private static final String PRIMARY = "PRIMARY";

  private KeyRule() {}

  /**
   * The primary key, else the shortest unique one without NULLs, else a column that is named like a
   * key: it must be made unique.
   */
  static List<KeyColumn> key(LiveTable live, List<String> asked) throws InspectException {
    List<String> names =
        asked.isEmpty() ? unique(live).or(() -> named(live)).orElseThrow(() -> none(live)) : asked;
    List<KeyColumn> key = new ArrayList<>();
    for (String name : names) {
      key.add(new KeyColumn(name, type(live, name)));
    }
    return key;
  }

  private static Optional<List<String>> unique(LiveTable live) {
    return live.indexes().stream()
        .filter(index -> index.isUnique() && index.isTree() && isWhole(live, index))
        .min(
            Comparator.comparing((LiveIndex index) -> !index.name().equals(PRIMARY))
                .thenComparingInt(index -> index.columns().size()))
        .map(LiveIndex::columns);
  }

  private static boolean isWhole(LiveTable live, LiveIndex index) {
    return index.columns().stream()
        .map(live::column)
        .allMatch(column -> column != null && !column.isNullable());
  }

  private static Optional<List<String>> named(LiveTable live) {
    String table = live.name().substring(live.name().indexOf('.') + 1).toLowerCase(Locale.ROOT);
    String one = table.endsWith("s") ? table.substring(0, table.length() - 1) : table;
    return List.of("id", table + "_id", one + "_id", table + "id", one + "id", "uuid", "guid")
        .stream()
        .filter(name -> live.column(name) != null)
        .findFirst()
        .map(List::of);
  }

  private static InspectException none(LiveTable live) {
    return new InspectException(
        "table %s has neither a primary key nor a unique one, and no column named like a key: say which columns tell its rows apart: --key-column COLUMN; it has %s"
            .formatted(live.name(), String.join(", ", live.columns().keySet())));
  }

  private static KeyType type(LiveTable live, String name) throws InspectException {
    LiveColumn column = live.column(name);
    Optional<KeyType> type = column == null ? Optional.empty() : column.keyType();
    return type.orElseThrow(
        () ->
            new InspectException(
                "key column %s of table %s is %s, which can't be in a key: integers, text and binary can. Name other columns that tell rows apart: --key-column COLUMN"
                    .formatted(name, live.name(), column == null ? "missing" : column.type())));
  }
}
