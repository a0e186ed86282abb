package freshet.indexer.session;

import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How far a server is behind its source. */
public sealed interface Lag {

  /**
   * At most that far.
   *
   * @param atMost the resolution of the measurement included
   */
  record Known(Duration atMost) implements Lag {}

  /**
   * Nobody knows.
   *
   * @param why in words
   */
  record Unknown(String why) implements Lag {}

  /** SHOW REPLICA STATUS counts whole seconds. */
  Duration RESOLUTION = Duration.ofSeconds(1);

  /**
   * Measures once, without the memory of a {@link LagMeter}.
   *
   * @param state of the server just now
   */
  static Lag measure(Session session, LagSource source, ServerState state) throws SQLException {
    return new LagMeter(source).measure(session, state);
  }

  static Lag ofHeartbeat(Session session, LagSource.Heartbeat heartbeat, long nowMicros)
      throws SQLException {
    List<Long> newest = new ArrayList<>();
    String sql =
        "SELECT MAX(%s) FROM %s"
            .formatted(
                Sql.MICROS.formatted(Sql.quoted(heartbeat.column())),
                Sql.quoted(heartbeat.table()));
    session.read(
        Query.of(sql),
        row -> {
          long micros = row.getLong(1);
          return !row.wasNull() && newest.add(micros);
        });
    if (newest.isEmpty()) {
      return new Unknown("heartbeat table " + heartbeat.table() + " has no row");
    }
    long behind = Math.max(0, nowMicros - newest.getFirst());
    return new Known(Duration.of(behind, ChronoUnit.MICROS));
  }

  /** Decides from the rows of SHOW REPLICA STATUS, columns in lower case. */
  static Lag ofStatus(List<Map<String, String>> channels) {
    if (channels.isEmpty()) {
      return new Unknown("SHOW REPLICA STATUS is empty: not a replica, or a proxy answered");
    }
    long most = 0;
    for (Map<String, String> channel : channels) {
      String io = either(channel, "replica_io_running", "slave_io_running");
      String sql = either(channel, "replica_sql_running", "slave_sql_running");
      String behind = either(channel, "seconds_behind_source", "seconds_behind_master");
      if (!io.equals("Yes") || !sql.equals("Yes") || behind.isEmpty()) {
        return new Unknown(
            "replication is not running: fetching %s %s, applying %s %s"
                .formatted(
                    io,
                    channel.getOrDefault("last_io_error", ""),
                    sql,
                    channel.getOrDefault("last_sql_error", "")));
      }
      most = Math.max(most, Long.parseLong(behind));
    }
    return new Known(Duration.ofSeconds(most).plus(RESOLUTION));
  }

  /**
   * What is left of a claim while the source is silent: a replica whose source is frozen or out of
   * reach says 0 until its own time-out notices. What happened there meanwhile, nobody knows.
   */
  default Lag given(Silence silence) {
    if (!(this instanceof Known(Duration atMost)) || silence.heartbeat().isZero()) {
      return this;
    }
    if (silence.isTooLong()) {
      return new Unknown(
          "nothing was heard of the source for %d ms, though its heartbeat is due every %d ms; the replica says %d s meanwhile"
              .formatted(
                  silence.lasted().toMillis(),
                  silence.heartbeat().toMillis(),
                  atMost.minus(RESOLUTION).toSeconds()));
    }
    return new Known(atMost.plus(silence.lasted()));
  }

  private static String either(Map<String, String> row, String name, String other) {
    return row.getOrDefault(name, row.getOrDefault(other, ""));
  }
}
