package freshet.indexer.table;

import freshet.indexer.session.Query;
import freshet.indexer.session.Session;
import freshet.indexer.session.Sql;
import freshet.indexer.table.VersionColumn.DateTime;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A DATETIME version that the server itself stamps by a clock that is not UTC's, while no zone is
 * configured for it. Read as UTC, rows would be hours off: those of a zone east of Greenwich would
 * count as stamped in the future, and no cursor would come near the newest ones.
 *
 * @param table of the column
 * @param column a version
 * @param stamped how the server stamps it, in its own words
 * @param serverZone in which it does so
 * @param digits of the fraction of a second
 */
public record LocalTime(
    String table, String column, String stamped, String serverZone, int digits) {
  private static final Pattern BY_SESSION_ZONE =
      Pattern.compile(
          "(?i)\\b(?:current_timestamp|localtimestamp|localtime|now|sysdate|from_unixtime)\\b[()0-9]*");

  /** Winter and summer: London is UTC in one of them. */
  private static final String ZONE =
      "SELECT @@global.time_zone, @@global.system_time_zone,"
          + " CONVERT_TZ('2025-01-15 12:00:00','+00:00',@@global.time_zone)='2025-01-15 12:00:00'"
          + " AND CONVERT_TZ('2025-07-15 12:00:00','+00:00',@@global.time_zone)="
          + "'2025-07-15 12:00:00'";

  /** A version of which nobody said in which zone it is. */
  private record Unzoned(String table, String column, int digits) {}

  /**
   * What a server says. Asks nothing if all versions are TIMESTAMP or integers, or have a zone.
   *
   * @param database the default one
   */
  public static List<LocalTime> find(
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
    List<LocalTime> found = new ArrayList<>();
    if (unzoned.isEmpty()) {
      return found;
    }
    String zone = localZone(session);
    if (zone == null) {
      return found;
    }
    for (Unzoned column : unzoned) {
      String stamped = stampedBy(session, database, column);
      if (stamped != null) {
        found.add(new LocalTime(column.table, column.column, stamped, zone, column.digits));
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
  private static @Nullable String localZone(Session session) throws SQLException {
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

  private static @Nullable String stampedBy(Session session, String database, Unzoned column)
      throws SQLException {
    int dot = column.table.indexOf('.');
    String schema = dot < 0 ? database : column.table.substring(0, dot);
    @Nullable String[] stamped = new String[1];
    session.read(
        new Query(
            "SELECT CONCAT_WS(' ', COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION) FROM"
                + " information_schema.COLUMNS"
                + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?",
            List.of(schema, column.table.substring(dot + 1), column.column)),
        row -> {
          Matcher found = BY_SESSION_ZONE.matcher(row.getString(1));
          stamped[0] = found.find() ? found.group() : null;
          return true;
        });
    return stamped[0];
  }

  /** What is wrong. */
  public String what() {
    return "version column %s of table %s is in local time, and its zone is not configured"
        .formatted(column, table);
  }

  /** Why that is thought. */
  public String evidence() {
    return "the server stamps it by %s, and its zone is %s".formatted(stamped, serverZone);
  }

  /** The two ways to put it right. */
  public String fix() {
    return ("say in the configuration in which zone it is stamped, such as version: {column: %s,"
            + " type: datetime(%d), zone: Europe/Berlin}, or zone: UTC if all writers set their"
            + " sessions to UTC; or ALTER TABLE %s MODIFY %s TIMESTAMP(%d) NOT NULL and configure"
            + " timestamp(%d)")
        .formatted(column, digits, Sql.quoted(table), Sql.name(column), digits, digits);
  }

  /** All three. */
  public String message() {
    return what() + ": " + evidence() + "; " + fix();
  }
}
