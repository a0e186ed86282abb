package freshet.indexer.table;

import freshet.indexer.session.ResultColumn;
import freshet.indexer.session.Session;
import freshet.indexer.session.Sql;
import freshet.replicator.snapshot.FieldSpec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether the columns of a server can become the fields that they are configured for. What cannot
 * is refused before a row is read: each of its rows would be set aside, or be nonsense.
 */
public final class FieldTypes {
  private FieldTypes() {}

  /**
   * The columns that can't become their fields. The server describes the result of one query of no
   * row; the user's own, where one is configured.
   */
  public static List<ColumnFault> refused(Session session, PollStatements statements)
      throws SQLException {
    List<FieldSpec> fields = statements.schema().fields();
    if (fields.isEmpty()) {
      return List.of();
    }
    TableSpec table = statements.table();
    KeysSql query = table.query();
    Map<String, String> types = new TreeMap<>();
    for (ResultColumn column :
        session.columns(
            query == null ? ofNoRow(table, fields) : query.ofNoKey(table.key().size()))) {
      types.put(column.name().toLowerCase(Locale.ROOT), column.type());
    }
    List<ColumnFault> found = new ArrayList<>();
    for (FieldSpec field : fields) {
      FieldColumns from = PollStatements.columnsOf(table, field);
      for (String column : from.columns()) {
        String type = types.get(column.toLowerCase(Locale.ROOT));
        if (type != null) {
          ColumnFit.fixOf(field, from, type)
              .ifPresent(fix -> found.add(fault(table, field, column, type, fix)));
        }
      }
    }
    return found;
  }

  private static String ofNoRow(TableSpec table, List<FieldSpec> fields) {
    Set<String> columns = new LinkedHashSet<>();
    fields.forEach(field -> columns.addAll(PollStatements.columnsOf(table, field).columns()));
    return "SELECT %s FROM %s LIMIT 0"
        .formatted(
            columns.stream().map(Sql::name).collect(Collectors.joining(", ")),
            Sql.quoted(table.name()));
  }

  private static ColumnFault fault(
      TableSpec table, FieldSpec field, String column, String type, String fix) {
    return new ColumnFault(
        "column %s of %s can't become field %s"
            .formatted(
                column,
                table.query() == null ? "table " + table.name() : "table.query",
                field.name()),
        "it is a %s, the field a %s"
            .formatted(type.toUpperCase(Locale.ROOT), field.type().name().toLowerCase(Locale.ROOT)),
        fix);
  }
}
