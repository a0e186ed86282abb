package freshet.indexer.session;

import freshet.replicator.snapshot.DatabaseClock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What does not change while a server runs, and how it is asked for what does.
 *
 * @param isMariaDb which of the two it is
 * @param packetLimit a row longer than this can't be read
 * @param stateSql asks for clock, identity, executed transactions and role
 */
record ServerKind(boolean isMariaDb, long packetLimit, String stateSql) {
  /** Asks for what {@link #of} needs; a server leaves out what it does not have. */
  static final Query VARIABLES =
      Query.of(
          "SHOW GLOBAL VARIABLES WHERE Variable_name IN"
              + " ('server_uuid','server_uid','server_id','gtid_executed','gtid_current_pos',"
              + "'max_allowed_packet')");

  /** Asks MySQL how many of the {@link Silence#TABLES} the account may read. */
  static final Query MAY_READ_SILENCE =
      Query.of(
          "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'performance_schema'"
              + " AND table_name IN ('%s')".formatted(String.join("','", Silence.TABLES)));

  /** Microseconds since the last sign of life, and seconds between two heartbeats, by channel. */
  private static final String SILENCES =
      """
      (SELECT GROUP_CONCAT(CONCAT(TIMESTAMPDIFF(MICROSECOND, GREATEST(s.LAST_HEARTBEAT_TIMESTAMP,
        s.LAST_QUEUED_TRANSACTION_END_QUEUE_TIMESTAMP,
        s.QUEUEING_TRANSACTION_START_QUEUE_TIMESTAMP), UTC_TIMESTAMP(6)), ' ', c.HEARTBEAT_INTERVAL))
      FROM performance_schema.replication_connection_status s
      JOIN performance_schema.replication_connection_configuration c USING (CHANNEL_NAME))""";

  /** The driver's own bound, unless told otherwise. */
  private static final long DRIVER_PACKET = 65_535L << 10;

  /** Of read_only, which is a number or a word by the server's age. */
  private static final Set<String> WRITABLE = Set.of("0", "OFF");

  /** Whether it is MariaDB, by its variables, names in lower case. */
  static boolean isMariaDb(Map<String, String> variables) {
    return variables.containsKey("gtid_current_pos");
  }

  /**
   * Decides from the variables.
   *
   * @param hasSilence whether the server can be asked when it heard of its source
   */
  static ServerKind of(Map<String, String> variables, boolean hasSilence) {
    boolean isMariaDb = isMariaDb(variables);
    String identity =
        variables.containsKey("server_uuid")
            ? "@@global.server_uuid"
            : variables.containsKey("server_uid") ? "@@global.server_uid" : "@@global.server_id";
    String executed =
        isMariaDb
            ? "@@global.gtid_current_pos"
            : variables.containsKey("gtid_executed") ? "@@global.gtid_executed" : "''";
    long packet = Long.parseLong(variables.getOrDefault("max_allowed_packet", "16777216"));
    return new ServerKind(
        isMariaDb,
        Math.min(DRIVER_PACKET, packet),
        "SELECT %s, %s, %s, @@global.read_only, %s"
            .formatted(
                Sql.MICROS.formatted("UTC_TIMESTAMP(6)"),
                identity,
                executed,
                hasSilence ? SILENCES : "NULL"));
  }

  /** The question for the state, and whether these transactions were executed. */
  Query question(String ours) {
    return isContainmentAsked(ours)
        ? new Query(stateSql + ", GTID_SUBSET(?, @@global.gtid_executed)", List.of(ours))
        : Query.of(stateSql);
  }

  /**
   * Reads the answer to {@link #question}.
   *
   * @param asked by our clock
   * @param took from then until the answer
   */
  ServerState answer(ResultSet row, String ours, Instant asked, Duration took) throws SQLException {
    long micros = row.getLong(1);
    String gtid = row.getString(3).replaceAll("\\s", "");
    boolean contains =
        isMariaDb
            ? GtidPosition.contains(gtid, ours)
            : isContainmentAsked(ours) ? row.getInt(6) == 1 : ours.isEmpty();
    Duration half = took.dividedBy(2);
    Instant now = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    DatabaseClock clock =
        new DatabaseClock(Duration.between(asked.plus(half), now), half.plus(1, ChronoUnit.MICROS));
    String silences = row.getString(5);
    Silence silence = silences == null ? Silence.NOT_KNOWN : Silence.longest(silences);
    boolean isReadOnly = !WRITABLE.contains(row.getString(4));
    return new ServerState(row.getString(2), micros, clock, gtid, contains, isReadOnly, silence);
  }

  /** MySQL computes it; a set without a colon is none of MySQL's. */
  private boolean isContainmentAsked(String ours) {
    return !isMariaDb && ours.contains(":");
  }
}
