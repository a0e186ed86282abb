package freshet.indexer.check;

import freshet.indexer.session.Lag;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.Query;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.Silence;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.PollStatements;
import freshet.replicator.snapshot.IndexSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the server itself is set up as polls need it: packets, transactions' names, lag. */
final class ServerCheck {
  private static final long SMALL_PACKET = 16L << 20;
  private static final long LARGEST_PACKET = 1L << 30;

  /** How many of the newest rows are measured: all of them would be a scan. */
  private static final int MEASURED = 20_000;

  private static final String GTID_ON =
      "SET GLOBAL enforce_gtid_consistency = ON; SET GLOBAL gtid_mode = OFF_PERMISSIVE;"
          + " SET GLOBAL gtid_mode = ON_PERMISSIVE; SET GLOBAL gtid_mode = ON";

  private final SourceOptions options;
  private final Conversation server;

  ServerCheck(SourceOptions options, Conversation server) {
    this.options = options;
    this.server = server;
  }

  /**
   * Whether rows fit into a packet.
   *
   * @param isMeasured whether the table can be read in the order of its versions
   */
  List<Finding> packet(IndexSchema schema, boolean isMeasured) throws SourceException {
    long limit = server.run("reading max_allowed_packet", on -> on.packetLimit());
    long largest = 0;
    if (isMeasured) {
      Query query =
          new PollStatements(options.table(), options.tombstones(), schema).largest(MEASURED);
      largest =
          server.rows("measuring rows", query).stream()
              .flatMap(row -> row.values().stream())
              .mapToLong(Long::parseLong)
              .max()
              .orElse(0);
    }
    long wanted = SMALL_PACKET;
    while (wanted < 2 * largest && wanted < LARGEST_PACKET) {
      wanted *= 2;
    }
    if (limit >= SMALL_PACKET && limit >= largest) {
      return List.of();
    }
    return List.of(
        new Finding(
            "rows larger than max_allowed_packet can't be read whole",
            "it is %d bytes; the largest of the newest rows has %d".formatted(limit, largest),
            "SET GLOBAL max_allowed_packet = " + wanted));
  }

  /** What holds whatever the tables are like: transactions, lag, the account's limits. */
  List<Finding> general(Account account, boolean isMariaDb, ServerState state)
      throws SourceException {
    List<Finding> findings = new ArrayList<>(transactions(state));
    findings.addAll(lag(account, state));
    findings.addAll(silence(account, isMariaDb));
    findings.addAll(account.limits(server));
    return findings;
  }

  /** Whether the server can tell which transactions it has executed. */
  private List<Finding> transactions(ServerState state) throws SourceException {
    Map<String, String> variables =
        server.values(
            "reading variables",
            Query.of(
                "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('gtid_mode','log_bin','binlog_format')"));
    String risk =
        "without GTID nobody knows whether another server, or this one after a restore, has what was read already: a deleted document may come back, and order rests on versions alone";
    String mode = variables.get("gtid_mode");
    if (mode != null && !mode.equals("ON")) {
      return List.of(new Finding(risk, "gtid_mode is " + mode, GTID_ON));
    }
    // With its binary log on, the position is empty until something is written.
    if (mode == null && state.gtid().isEmpty() && !"ON".equals(variables.get("log_bin"))) {
      boolean isAlone = options.session().endpoints().size() == 1;
      return List.of(
          new Finding(
              risk,
              "gtid_current_pos is empty, log_bin is OFF",
              "put log_bin and log_slave_updates into the server's configuration and restart it",
              isAlone));
    }
    if (variables.getOrDefault("binlog_format", "ROW").equals("STATEMENT")) {
      return List.of(
          new Finding(
              "replicas run statements anew, and may stamp other versions than the source",
              "binlog_format is STATEMENT",
              "SET GLOBAL binlog_format = 'ROW'"));
    }
    return List.of();
  }

  /** Whether anyone knows how far the server is behind its source. */
  private List<Finding> lag(Account account, ServerState state) throws SourceException {
    LagSource source = options.session().lag();
    Lag lag;
    try {
      lag = server.run("measuring the lag", on -> Lag.measure(on, source, state));
    } catch (SourceException.AccessDenied e) {
      return List.of(
          new Finding(
              "the lag can't be measured, so freshness is never claimed; a server that is no replica needs source.lag: {from: not_replicated} instead",
              String.valueOf(e.getMessage()),
              source instanceof LagSource.Heartbeat heartbeat
                  ? account.grant("SELECT", heartbeat.table())
                  : account.grantLag()));
    } catch (SourceException.SchemaError e) {
      return List.of(
          new Finding(
              "the lag can't be measured, so freshness is never claimed",
              String.valueOf(e.getMessage()),
              "correct source.lag in the configuration"));
    }
    if (lag instanceof Lag.Unknown(String why)) {
      return List.of(
          new Finding(
              "nobody knows how far the server is behind its source, so freshness is never claimed",
              why,
              fixOfUnknown(source)));
    }
    return List.of();
  }

  /** Whether the account may see when a replica of MySQL's last heard of its source. */
  private List<Finding> silence(Account account, boolean isMariaDb) throws SourceException {
    // MariaDB tells it with the replica's status, and a heartbeat table does without it.
    if (isMariaDb || !(options.session().lag() instanceof LagSource.ReplicaStatus)) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    for (String name : Silence.TABLES) {
      String table = "performance_schema." + name;
      try {
        server.rows("asking for signs of life", Query.of("SELECT 1 FROM " + table + " LIMIT 1"));
      } catch (SourceException.AccessDenied e) {
        findings.add(
            new Finding(
                "the account may not read %s: a source that is frozen or out of reach looks like one that is quiet, and its replica like a fresh one"
                    .formatted(table),
                String.valueOf(e.getMessage()),
                account.grant("SELECT", table)));
      }
    }
    return findings.isEmpty() ? unrecordedSilence() : findings;
  }

  /** Without the performance schema, MySQL's tables of replication hold no time of anything. */
  private List<Finding> unrecordedSilence() throws SourceException {
    String isOn =
        server
            .values(
                "reading variables",
                Query.of("SHOW GLOBAL VARIABLES WHERE Variable_name = 'performance_schema'"))
            .get("performance_schema");
    if (!"OFF".equals(isOn) || !isReplica()) {
      return List.of();
    }
    return List.of(
        new Finding(
            "the server does not record when it last heard of its source: a source that is frozen or out of reach looks like one that is quiet, and its replica like a fresh one",
            "performance_schema is OFF",
            "put performance_schema=ON into the server's configuration and restart it, or configure a heartbeat table that is written on the source"));
  }

  private boolean isReplica() throws SourceException {
    try {
      return !server
          .rows("asking for the replica's state", Query.of("SHOW REPLICA STATUS"))
          .isEmpty();
    } catch (SourceException.AccessDenied e) {
      // Then the lag can't be measured either, which is a finding of its own.
      return false;
    }
  }

  private String fixOfUnknown(LagSource source) throws SourceException {
    if (source instanceof LagSource.ReplicaStatus && isReplica()) {
      return "START REPLICA";
    }
    return "configure a heartbeat table that is written on the source; or, if this is the source"
        + " itself, say so: source.lag: {from: not_replicated}";
  }
}
