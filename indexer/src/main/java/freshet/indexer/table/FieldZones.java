package freshet.indexer.table;

import freshet.indexer.session.Session;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether date fields state a zone where their columns need one, and none where they don't. What a
 * query of the user's computes is taken as it is, but for its type.
 */
public final class FieldZones {
  private FieldZones() {}

  /**
   * Zones that are stated for TIMESTAMP columns, which are read in UTC: documents would be hours
   * off. Asks nothing if no field states a zone.
   *
   * @param database the default one
   */
  public static List<ColumnFault> needless(Session session, String database, TableSpec table)
      throws SQLException {
    List<FieldColumns> zoned =
        table.fields().stream().filter(field -> field.zone() != null).toList();
    List<ColumnFault> found = new ArrayList<>();
    for (DateColumn column : DateColumn.of(session, database, table, zoned)) {
      String field = column.field().field();
      if (column.facts().type().equals("timestamp")) {
        found.add(
            new ColumnFault(
                "date field %s states a zone, and its %s needs none"
                    .formatted(field, column.place()),
                "it is a TIMESTAMP, which is read in UTC; configured is zone: "
                    + column.field().zone(),
                "take zone out of field %s in the configuration".formatted(field)));
      }
    }
    return found;
  }

  /** DATETIME columns that the server stamps in local time, of fields that state no zone. */
  public static List<ColumnFault> missing(
      Session session, String database, TableSpec table, IndexSchema schema) throws SQLException {
    List<ColumnFault> found = new ArrayList<>();
    List<FieldColumns> unzoned = unzoned(table, schema);
    String zone = unzoned.isEmpty() ? null : LocalTime.localZone(session);
    if (zone == null) {
      return found;
    }
    for (DateColumn column : DateColumn.of(session, database, table, unzoned)) {
      String stamped = column.facts().stamped();
      if (column.facts().type().equals("datetime") && stamped != null) {
        String field = column.field().field();
        found.add(
            new ColumnFault(
                "date field %s is taken for UTC, and its %s is in local time"
                    .formatted(field, column.place()),
                LocalTime.evidence(stamped, zone),
                "say in the configuration in which zone it is stamped, such as {name: %s, type: date, zone: Europe/Berlin}, or zone: UTC if all writers set their sessions to UTC"
                    .formatted(field)));
      }
    }
    return found;
  }

  private static List<FieldColumns> unzoned(TableSpec table, IndexSchema schema) {
    return schema.fields().stream()
        .filter(field -> field.type() == FieldType.DATE)
        .map((FieldSpec field) -> PollStatements.columnsOf(table, field))
        .filter(field -> field.zone() == null)
        .toList();
  }
}
