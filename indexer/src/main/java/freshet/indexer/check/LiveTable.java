package freshet.indexer.check;

import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
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
 * @param name as configured
 * @param isView whether it is a view
 * @param columns by name in lower case; never empty
 * @param indexes none of a view
 * @param appended what the storage engine adds to each index: InnoDB the primary key
 * @param definition what SHOW CREATE TABLE prints, or the query of a view; empty if the account may
 *     not see it
 */
public record LiveTable(
    String name,
    boolean isView,
    Map<String, LiveColumn> columns,
    List<LiveIndex> indexes,
    List<String> appended,
    String definition) {

  /** Copies the lists. */
  public LiveTable {
    indexes = List.copyOf(indexes);
    appended = List.copyOf(appended);
  }

  /**
   * Reads what the server says.
   *
   * @throws SourceException.SchemaError if there is no such table
   * @throws SourceException.AccessDenied if the account may not read it
   */
  public static LiveTable read(Conversation server, String database, String table)
      throws SourceException {
    String what = "looking at table " + table;
    // First of all an error that tells a missing table from a missing privilege.
    server.rows(what, Query.of("SELECT 1 FROM " + Sql.quoted(table) + " LIMIT 0"));
    int dot = table.indexOf('.');
    List<Object> name =
        List.of(dot < 0 ? database : table.substring(0, dot), table.substring(dot + 1));
    Map<String, String> kind = new TreeMap<>();
    server
        .rows(
            what,
            new Query(
                "SELECT TABLE_TYPE AS kind, ENGINE AS engine FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
                name))
        .forEach(kind::putAll);
    boolean isView = kind.getOrDefault("kind", "").equals("VIEW");
    String definition = isView ? viewOf(server, what, name) : tableOf(server, what, table);
    Map<String, LiveColumn> columns = columns(server, what, name, definition);
    List<LiveIndex> indexes = isView ? List.of() : indexes(server, what, table);
    List<String> primary =
        indexes.stream()
            .filter(index -> index.name().equals("PRIMARY"))
            .findFirst()
            .map(LiveIndex::columns)
            .orElse(List.of());
    boolean isInnoDb = kind.getOrDefault("engine", "").equalsIgnoreCase("InnoDB");
    return new LiveTable(
        table, isView, columns, indexes, isInnoDb ? primary : List.of(), definition);
  }

  /** Whether a trigger ON DELETE of a table is visible to the account. */
  public static boolean hasDeleteTrigger(Conversation server, String table) throws SourceException {
    return !server
        .rows(
            "looking for triggers",
            new Query(
                "SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS"
                    + " WHERE EVENT_OBJECT_TABLE = ? AND EVENT_MANIPULATION = 'DELETE'",
                List.of(table.substring(table.indexOf('.') + 1))))
        .isEmpty();
  }

  private static String tableOf(Conversation server, String what, String table)
      throws SourceException {
    return server
        .rows(what, Query.of("SHOW CREATE TABLE " + Sql.quoted(table)))
        .getFirst()
        .getOrDefault("create table", "");
  }

  private static String viewOf(Conversation server, String what, List<Object> name)
      throws SourceException {
    List<Map<String, String>> rows =
        server.rows(
            what,
            new Query(
                "SELECT VIEW_DEFINITION AS definition FROM information_schema.VIEWS"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
                name));
    return rows.isEmpty() ? "" : rows.getFirst().getOrDefault("definition", "");
  }

  private static Map<String, LiveColumn> columns(
      Conversation server, String what, List<Object> name, String definition)
      throws SourceException {
    Map<String, LiveColumn> columns = new LinkedHashMap<>();
    for (Map<String, String> row :
        server.rows(
            what,
            new Query(
                "SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable,"
                    + " CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation"
                    + " FROM information_schema.COLUMNS"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION",
                name))) {
      String column = row.getOrDefault("name", "");
      columns.put(
          lower(column),
          new LiveColumn(
              lower(row.getOrDefault("type", "")),
              row.getOrDefault("nullable", "").equals("YES"),
              row.get("charset"),
              row.get("collation"),
              declaration(definition, column)));
    }
    return columns;
  }

  private static String declaration(String definition, String column) {
    String start = '`' + column.replace("`", "``") + "` ";
    return definition
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(start))
        .findFirst()
        .map(line -> line.substring(start.length()).replaceFirst(",$", ""))
        .orElse("");
  }

  private static List<LiveIndex> indexes(Conversation server, String what, String table)
      throws SourceException {
    Map<String, List<Map<String, String>>> parts = new LinkedHashMap<>();
    for (Map<String, String> row :
        server.rows(what, Query.of("SHOW INDEX FROM " + Sql.quoted(table)))) {
      parts.computeIfAbsent(row.getOrDefault("key_name", ""), n -> new ArrayList<>()).add(row);
    }
    List<LiveIndex> indexes = new ArrayList<>();
    parts.forEach(
        (name, columns) -> {
          Map<String, String> first = columns.getFirst();
          indexes.add(
              new LiveIndex(
                  name,
                  columns.stream().map(LiveTable::ordered).toList(),
                  first.getOrDefault("non_unique", "1").equals("0"),
                  first.getOrDefault("index_type", "").equals("BTREE"),
                  // The one says Visible, the other Ignored.
                  first.getOrDefault("visible", "YES").equals("YES")
                      && first.getOrDefault("ignored", "NO").equals("NO")));
        });
    return indexes;
  }

  private static String ordered(Map<String, String> part) {
    boolean isWholeColumn =
        !part.containsKey("sub_part") && !part.getOrDefault("collation", "A").equals("D");
    return isWholeColumn ? lower(part.getOrDefault("column_name", "")) : "";
  }

  /** The indexes that answer a query in this order by themselves. */
  List<LiveIndex> orderedBy(List<String> wanted) {
    List<String> names = lower(wanted);
    return indexes.stream().filter(index -> index.isOrderedBy(names, appended)).toList();
  }

  /** The indexes that find at most one row by these columns. */
  List<LiveIndex> finding(List<String> key) {
    List<String> names = lower(key);
    return indexes.stream().filter(index -> index.finds(names)).toList();
  }

  /** A column, whatever the case of its name; null if there is none. */
  public @Nullable LiveColumn column(String column) {
    return columns.get(lower(column));
  }

  /** Whether it is split by SQL's own PARTITION BY. */
  boolean isPartitioned() {
    return !isView && definition.contains("PARTITION BY");
  }

  private static List<String> lower(List<String> names) {
    return names.stream().map(LiveTable::lower).toList();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
