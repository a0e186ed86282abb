package freshet.indexer.table;

import freshet.indexer.session.Session;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether date fields state a zone where their columns need one, and none where they don't. Of a
 * query of the user's nobody knows where its columns come from: those are taken as they are.
 */
public final class FieldZones {
  private FieldZones() {}

  /**
   * Zones that are stated for TIMESTAMP columns, which are read in UTC: documents would be hours
   * off. Asks nothing if no field states a zone.
   *
   * @param database the default one
   */
  public static List<ZoneFault> needless(Session session, String database, TableSpec table)
      throws SQLException {
    List<ZoneFault> found = new ArrayList<>();
    for (FieldColumns field : table.query() == null ? table.fields() : List.<FieldColumns>of()) {
      ZoneId zone = field.zone();
      String column = field.columns().getFirst();
      if (zone != null && isOfType("timestamp", session, database, table, column)) {
        found.add(
            new ZoneFault(
                "date field %s states a zone, and its column %s of table %s needs none"
                    .formatted(field.field(), column, table.name()),
                "it is a TIMESTAMP, which is read in UTC; configured is zone: " + zone,
                "take zone out of field %s in the configuration".formatted(field.field())));
      }
    }
    return found;
  }

  private static boolean isOfType(
      String type, Session session, String database, TableSpec table, String column)
      throws SQLException {
    ColumnFacts facts = ColumnFacts.read(session, database, table.name(), column);
    return facts != null && facts.type().equals(type);
  }

  /** DATETIME columns that the server stamps in local time, of fields that state no zone. */
  public static List<ZoneFault> missing(
      Session session, String database, TableSpec table, IndexSchema schema) throws SQLException {
    List<ZoneFault> found = new ArrayList<>();
    List<FieldColumns> unzoned = unzoned(table, schema);
    String zone = unzoned.isEmpty() ? null : LocalTime.localZone(session);
    if (zone == null) {
      return found;
    }
    for (FieldColumns field : unzoned) {
      String column = field.columns().getFirst();
      ColumnFacts facts = ColumnFacts.read(session, database, table.name(), column);
      if (facts != null && facts.type().equals("datetime") && facts.stamped() != null) {
        found.add(
            new ZoneFault(
                "date field %s is taken for UTC, and its column %s of table %s is in local time"
                    .formatted(field.field(), column, table.name()),
                LocalTime.evidence(facts.stamped(), zone),
                "say in the configuration in which zone it is stamped, such as {name: %s, type: date, zone: Europe/Berlin}, or zone: UTC if all writers set their sessions to UTC"
                    .formatted(field.field())));
      }
    }
    return found;
  }

  private static List<FieldColumns> unzoned(TableSpec table, IndexSchema schema) {
    return table.query() != null
        ? List.of()
        : schema.fields().stream()
            .filter(field -> field.type() == FieldType.DATE)
            .map((FieldSpec field) -> PollStatements.columnsOf(table, field))
            .filter(field -> field.zone() == null)
            .toList();
  }
}
