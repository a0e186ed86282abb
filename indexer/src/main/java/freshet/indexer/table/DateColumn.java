package freshet.indexer.table;

import freshet.indexer.session.ResultColumn;
import freshet.indexer.session.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A column that the dates of a field come from.
 *
 * @param field of the index
 * @param place the column and where it is, in words
 * @param facts what the server says of it
 */
record DateColumn(FieldColumns field, String place, ColumnFacts facts) {

  /** The columns of these fields, as far as the server knows them. Asks nothing for none. */
  static List<DateColumn> of(
      Session session, String database, TableSpec table, List<FieldColumns> fields)
      throws SQLException {
    if (fields.isEmpty()) {
      return List.of();
    }
    KeysSql query = table.query();
    return query == null
        ? ofTable(session, database, table, fields)
        : ofQuery(session, query.ofNoKey(table.key().size()), fields);
  }

  private static List<DateColumn> ofTable(
      Session session, String database, TableSpec table, List<FieldColumns> fields)
      throws SQLException {
    List<DateColumn> found = new ArrayList<>();
    for (FieldColumns field : fields) {
      String column = field.columns().getFirst();
      ColumnFacts facts = ColumnFacts.read(session, database, table.name(), column);
      if (facts != null) {
        found.add(
            new DateColumn(field, "column %s of table %s".formatted(column, table.name()), facts));
      }
    }
    return found;
  }

  /** A result says of each column what it is taken from, unless it is computed. */
  private static List<DateColumn> ofQuery(
      Session session, String queryOfNoKey, List<FieldColumns> fields) throws SQLException {
    List<DateColumn> found = new ArrayList<>();
    for (ResultColumn column : session.columns(queryOfNoKey)) {
      for (FieldColumns field : fields) {
        if (field.columns().getFirst().equalsIgnoreCase(column.name())) {
          found.add(ofQuery(session, column, field));
        }
      }
    }
    return found;
  }

  private static DateColumn ofQuery(Session session, ResultColumn column, FieldColumns field)
      throws SQLException {
    String place = "column %s of table.query".formatted(column.name());
    ColumnFacts origin =
        column.table().isEmpty()
            ? null
            : ColumnFacts.read(session, column.database(), column.table(), column.column());
    return origin == null
        ? new DateColumn(field, place, new ColumnFacts(column.type(), null))
        : new DateColumn(
            field,
            "%s (%s of table %s)".formatted(place, column.column(), column.table()),
            new ColumnFacts(column.type(), origin.stamped()));
  }
}
