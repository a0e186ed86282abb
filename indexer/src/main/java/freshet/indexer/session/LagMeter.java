package freshet.indexer.session;

import freshet.indexer.connect.Endpoint;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of servers, over and over. Where SHOW REPLICA STATUS is asked, it also looks for
 * signs of life of the source: MySQL knows when the last one came, if the account may read {@code
 * performance_schema.replication_connection_*}; MariaDB counts them, so that silence is seen from
 * the second measurement on. Used by one thread.
 */
final class LagMeter {
  /** Columns of MariaDB that change with every event and every heartbeat. */
  private static final List<String> SIGNS =
      List.of("slave_received_heartbeats", "master_log_file", "read_master_log_pos", "gtid_io_pos");

  private record Channel(Endpoint endpoint, String name) {}

  /**
   * The newest sign of life.
   *
   * @param heardMicros when it came at the latest that can be relied on
   * @param lookedMicros when it was looked for last
   */
  private record Sign(String text, long heardMicros, long lookedMicros) {}

  private final LagSource source;
  private final Map<Channel, Sign> lastSigns = new HashMap<>();

  LagMeter(LagSource source) {
    this.source = source;
  }

  /**
   * Measures.
   *
   * @param state of the server just now
   */
  Lag measure(Session session, ServerState state) throws SQLException {
    return switch (source) {
      case LagSource.NotReplicated none -> new Lag.Known(Duration.ZERO);
      case LagSource.Heartbeat heartbeat -> Lag.ofHeartbeat(session, heartbeat, state.nowMicros());
      case LagSource.ReplicaStatus status -> ofStatus(session, state);
    };
  }

  private Lag ofStatus(Session session, ServerState state) throws SQLException {
    List<Map<String, String>> channels = new ArrayList<>();
    // Only the one with ALL has MariaDB's signs of life.
    String sql = session.isMariaDb() ? "SHOW ALL REPLICAS STATUS" : "SHOW REPLICA STATUS";
    session.read(Query.of(sql), row -> channels.add(columns(row)));
    Lag lag = Lag.ofStatus(channels);
    if (!(lag instanceof Lag.Known)) {
      return lag;
    }
    return lag.given(
        session.isMariaDb()
            ? bySigns(session.endpoint(), channels, state.nowMicros())
            : state.silence());
  }

  private Silence bySigns(Endpoint endpoint, List<Map<String, String>> channels, long nowMicros) {
    Silence longest = Silence.NOT_KNOWN;
    for (Map<String, String> channel : channels) {
      String text = String.join("|", SIGNS.stream().map(s -> channel.getOrDefault(s, "")).toList());
      Duration heartbeat = Silence.seconds(channel.getOrDefault("slave_heartbeat_period", "0"));
      Channel of = new Channel(endpoint, channel.getOrDefault("connection_name", ""));
      long heard = heard(lastSigns.get(of), text, nowMicros, heartbeat);
      lastSigns.put(of, new Sign(text, heard, nowMicros));
      longest = longest.or(new Silence(micros(nowMicros - heard), heartbeat));
    }
    return longest;
  }

  /** A new sign may have come right after the last look, but no earlier than a heartbeat ago. */
  private static long heard(@Nullable Sign last, String text, long nowMicros, Duration heartbeat) {
    if (last == null) {
      return nowMicros;
    }
    return last.text().equals(text)
        ? last.heardMicros()
        : Math.max(last.lookedMicros(), nowMicros - heartbeat.toNanos() / 1_000);
  }

  private static Duration micros(long micros) {
    return Duration.of(Math.max(0, micros), ChronoUnit.MICROS);
  }

  private static Map<String, String> columns(ResultSet row) throws SQLException {
    Map<String, String> columns = new TreeMap<>();
    ResultSetMetaData meta = row.getMetaData();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      String value = row.getString(i);
      if (value != null) {
        columns.put(meta.getColumnLabel(i).toLowerCase(Locale.ROOT), value);
      }
    }
    return columns;
  }
}
