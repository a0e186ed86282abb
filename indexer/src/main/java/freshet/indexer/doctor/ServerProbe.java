package freshet.indexer.doctor;

import freshet.indexer.check.Account;
import freshet.indexer.check.ConfigCheck;
import freshet.indexer.check.Conversation;
import freshet.indexer.session.Lag;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.Query;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks a server for what it says of itself. */
final class ServerProbe {
  private static final int CLOCK_READINGS = 5;

  private static final Query VARIABLES =
      named(
          "VARIABLES",
          "version, version_comment, version_compile_os, max_connections, max_user_connections,"
              + " max_connect_errors, back_log, thread_cache_size, thread_handling,"
              + " skip_name_resolve, connect_timeout, wait_timeout, net_read_timeout,"
              + " net_write_timeout, max_allowed_packet, read_only, super_read_only,"
              + " require_secure_transport, default_authentication_plugin, authentication_policy,"
              + " gtid_mode, gtid_strict_mode, log_bin, binlog_format, binlog_row_image,"
              + " time_zone, system_time_zone, sql_mode, innodb_buffer_pool_size, open_files_limit,"
              + " table_open_cache, performance_schema, character_set_server, collation_server,"
              + " tls_version, have_ssl, optimizer_switch");

  private static final Query COUNTERS =
      named(
          "STATUS",
          "aborted_connects, aborted_connects_preauth, aborted_clients, threads_connected,"
              + " threads_running, threads_created, max_used_connections, connections, uptime,"
              + " connection_errors_internal, connection_errors_max_connections,"
              + " connection_errors_peer_address, connection_errors_accept");

  private static final List<String> REPLICATION =
      List.of(
          "replica_io_running",
          "replica_sql_running",
          "seconds_behind_source",
          "last_io_error",
          "last_sql_error",
          "source_host",
          "using_gtid",
          "auto_position",
          "sql_delay");

  private final Conversation server;
  private final String database;
  private final LagSource lag;

  ServerProbe(Conversation server, SessionOptions options) {
    this.server = server;
    this.database = options.database();
    this.lag = options.lag();
  }

  private static Query named(String what, String names) {
    return Query.of(
        "SHOW GLOBAL %s WHERE Variable_name IN ('%s')"
            .formatted(what, names.replaceAll(", *", "','")));
  }

  /** The counters now. */
  Map<String, Long> counters() throws SourceException {
    Map<String, Long> counters = new TreeMap<>();
    server
        .values("reading counters", COUNTERS)
        .forEach(
            (name, value) -> {
              if (value.matches("[0-9]{1,18}")) {
                counters.put(name, Long.valueOf(value));
              }
            });
    return counters;
  }

  /** All facts. */
  ServerFacts facts(Map<String, Long> before, ConfigCheck check) throws SourceException {
    ServerState state = clock();
    Lag behind = lag(state);
    List<Finding> unseen = new ArrayList<>();
    return new ServerFacts(
        server.values("reading variables", VARIABLES),
        before,
        counters(),
        replication(unseen),
        grants(unseen),
        state.clock().offset(),
        state.clock().uncertainty(),
        behind instanceof Lag.Known known ? known.atMost() : null,
        behind instanceof Lag.Unknown unknown ? unknown.why() : "",
        check.check(server).findings(),
        unseen);
  }

  /** The reading whose round trip was the shortest is the surest. */
  private ServerState clock() throws SourceException {
    return server.run(
        "reading the clock",
        on -> {
          List<ServerState> readings = new ArrayList<>();
          for (int i = 0; i < CLOCK_READINGS; i++) {
            readings.add(on.state(""));
          }
          return readings.stream()
              .min(Comparator.comparing((ServerState state) -> state.clock().uncertainty()))
              .orElseThrow();
        });
  }

  private Lag lag(ServerState state) throws SourceException {
    try {
      return server.run("measuring the lag", on -> Lag.measure(on, lag, state));
    } catch (SourceException.AccessDenied | SourceException.SchemaError e) {
      return new Lag.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> replication(List<Finding> unseen) throws SourceException {
    Map<String, String> state = new TreeMap<>();
    try {
      for (Map<String, String> channel :
          server.rows("asking for replication", Query.of("SHOW REPLICA STATUS"))) {
        channel.forEach(
            (name, value) -> {
              String today = name.replace("slave_", "replica_").replace("master", "source");
              if (REPLICATION.contains(today) && !value.isEmpty()) {
                state.merge(today, value, (one, other) -> one + ", " + other);
              }
            });
      }
    } catch (SourceException.AccessDenied e) {
      unseenReplication(e, Account.read(server, database).grantLag(), unseen);
    } catch (SourceException.SchemaError e) {
      unseenReplication(e, "MySQL 8.0.22 or newer, or MariaDB 10.5 or newer, knows it", unseen);
    }
    return state;
  }

  /** Where the lag is measured by it, the check has said so. */
  private void unseenReplication(SourceException why, String fix, List<Finding> unseen) {
    if (!(lag instanceof LagSource.ReplicaStatus)) {
      unseen.add(
          new Finding(
              "whether this is a replica, and whether its threads run, can't be seen",
              String.valueOf(why.getMessage()),
              fix));
    }
  }

  private List<String> grants(List<Finding> unseen) {
    try {
      return server.rows("reading the account's privileges", Query.of("SHOW GRANTS")).stream()
          .flatMap(row -> row.values().stream())
          .map(grant -> grant.replaceAll(" IDENTIFIED .*", ""))
          .sorted()
          .toList();
    } catch (SourceException e) {
      // A server without accounts, or a proxy; a missing privilege shows where it is needed.
      unseen.add(
          new Finding(
              "the account's privileges can't be seen",
              String.valueOf(e.getMessage()),
              "start the server with accounts (no skip_grant_tables), or ask it without a proxy"));
      return List.of();
    }
  }
}
