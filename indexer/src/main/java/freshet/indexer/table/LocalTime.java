package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.indexer.session.Session;
import freshet.indexer.session.Sql;
import freshet.indexer.table.VersionColumn.DateTime;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds DATETIME versions that the server itself stamps by a clock that is not UTC's, while no zone
 * is configured for them. Read as UTC, rows would be hours off: those of a zone east of Greenwich
 * would count as stamped in the future, and no cursor would come near the newest ones.
 */
public final class LocalTime {
  /** Winter and summer: London is UTC in one of them. */
  private static final String ZONE =
      "SELECT @@global.time_zone, @@global.system_time_zone,"
          + " CONVERT_TZ('2025-01-15 12:00:00','+00:00',@@global.time_zone)='2025-01-15 12:00:00'"
          + " AND CONVERT_TZ('2025-07-15 12:00:00','+00:00',@@global.time_zone)="
          + "'2025-07-15 12:00:00'";

  private LocalTime() {}

  /** A version of which nobody said in which zone it is. */
  private record Unzoned(String table, String column, int digits) {}

  /**
   * What a server says. Asks nothing if all versions are TIMESTAMP or integers, or have a zone.
   *
   * @param database the default one
   */
  public static List<ColumnFault> find(
      Session session, String database, TableSpec documents, @Nullable Tombstones tombstones)
      throws SQLException {
    List<Unzoned> unzoned = new ArrayList<>();
    addUnzoned(unzoned, documents.name(), documents.version());
    if (tombstones != null) {
      addUnzoned(unzoned, tombstones.table(), tombstones.version());
    }
    for (SideTable side : documents.alsoChangedBy()) {
      addUnzoned(unzoned, side.table(), side.version());
    }
    List<ColumnFault> found = new ArrayList<>();
    if (unzoned.isEmpty()) {
      return found;
    }
    String zone = localZone(session);
    if (zone == null) {
      return found;
    }
    for (Unzoned column : unzoned) {
      ColumnFacts facts = ColumnFacts.read(session, database, column.table, column.column);
      if (facts != null && facts.stamped() != null) {
        found.add(fault(column, facts.stamped(), zone));
      }
    }
    return found;
  }

  private static void addUnzoned(List<Unzoned> unzoned, String table, VersionColumn version) {
    if (version.type() instanceof DateTime(int digits, ZoneId zone) && zone == null) {
      unzoned.add(new Unzoned(table, version.name(), digits));
    }
  }

  /** The zone of the server; null if its clock shows UTC all year. */
  public static @Nullable String localZone(Session session) throws SQLException {
    @Nullable String[] zone = new String[1];
    session.read(
        Query.of(ZONE),
        row -> {
          boolean isUtc = row.getInt(3) == 1;
          String system = row.getString(1).equals("SYSTEM") ? " (" + row.getString(2) + ")" : "";
          zone[0] = isUtc ? null : row.getString(1) + system;
          return true;
        });
    return zone[0];
  }

  private static ColumnFault fault(Unzoned column, String stamped, String zone) {
    int digits = column.digits;
    return new ColumnFault(
        "version column %s of table %s is in local time, and its zone is not configured"
            .formatted(column.column, column.table),
        evidence(stamped, zone),
        ("say in the configuration in which zone it is stamped, such as version: {column: %s,"
                + " type: datetime(%d), zone: Europe/Berlin}, or zone: UTC if all writers set their"
                + " sessions to UTC; or ALTER TABLE %s MODIFY %s TIMESTAMP(%d) NOT NULL and configure"
                + " timestamp(%d)")
            .formatted(
                column.column,
                digits,
                Sql.quoted(column.table),
                Sql.name(column.column),
                digits,
                digits));
  }

  /** Why a column is thought to be in local time. */
  static String evidence(String stamped, String zone) {
    return "the server stamps it by %s, and its zone is %s".formatted(stamped, zone);
  }
}
