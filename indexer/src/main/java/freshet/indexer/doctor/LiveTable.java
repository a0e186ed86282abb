package freshet.indexer.doctor;

import freshet.indexer.session.Query;
import freshet.indexer.session.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table as the server has it.
 *
 * @param columns by name in lower case; empty if the account sees no such table
 * @param indexes columns in lower case of each index, by its name
 * @param uniqueIndexes those that keep values apart
 */
record LiveTable(
    Map<String, Column> columns,
    Map<String, List<String>> indexes,
    Map<String, List<String>> uniqueIndexes) {

  /**
   * A column.
   *
   * @param type in lower case, as in a declaration
   * @param isNullable whether it may be NULL
   * @param collation of text; null for other types
   */
  record Column(String type, boolean isNullable, @Nullable String collation) {}

  /** What information_schema says. */
  static LiveTable read(Session session, String database, String table) throws SQLException {
    int dot = table.indexOf('.');
    List<Object> name =
        List.of(dot < 0 ? database : table.substring(0, dot), table.substring(dot + 1));
    Map<String, Column> columns = new LinkedHashMap<>();
    session.read(
        new Query(
            "SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLLATION_NAME FROM"
                + " information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                + " ORDER BY ORDINAL_POSITION",
            name),
        row -> {
          columns.put(
              lower(row.getString(1)),
              new Column(
                  lower(row.getString(2)), row.getString(3).equals("YES"), row.getString(4)));
          return true;
        });
    Map<String, List<String>> indexes = new TreeMap<>();
    Map<String, List<String>> unique = new TreeMap<>();
    session.read(
        new Query(
            "SELECT INDEX_NAME, COLUMN_NAME, NON_UNIQUE FROM information_schema.STATISTICS"
                + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX",
            name),
        row -> {
          String index = row.getString(1);
          // An expression has no column name.
          String column = row.getString(2) == null ? "" : lower(row.getString(2));
          indexes.computeIfAbsent(index, i -> new ArrayList<>()).add(column);
          if (row.getInt(3) == 0) {
            unique.computeIfAbsent(index, i -> new ArrayList<>()).add(column);
          }
          return true;
        });
    return new LiveTable(columns, indexes, unique);
  }

  /**
   * Whether a query by this order is answered by an index alone; InnoDB's end with the primary key.
   */
  boolean isOrderedBy(List<String> wanted) {
    List<String> primary = indexes.getOrDefault("PRIMARY", List.of());
    List<String> names = wanted.stream().map(LiveTable::lower).toList();
    return indexes.values().stream()
        .map(
            columns -> {
              List<String> all = new ArrayList<>(columns);
              primary.stream().filter(column -> !columns.contains(column)).forEach(all::add);
              return all;
            })
        .anyMatch(all -> all.size() >= names.size() && all.subList(0, names.size()).equals(names));
  }

  /** Whether no two rows have the same values in these. */
  boolean isUnique(List<String> key) {
    List<String> names = key.stream().map(LiveTable::lower).sorted().toList();
    return uniqueIndexes.values().stream()
        .anyMatch(columns -> columns.stream().sorted().toList().equals(names));
  }

  @Nullable Column column(String name) {
    return columns.get(lower(name));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
