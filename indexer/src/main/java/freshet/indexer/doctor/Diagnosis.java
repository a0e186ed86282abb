package freshet.indexer.doctor;

import freshet.indexer.session.LagSource;
import freshet.indexer.source.Finding;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says what ails, from what was measured. Pure. */
final class Diagnosis {
  private static final Duration LARGE_LAG = Duration.ofMinutes(1);
  private static final Duration LARGE_SKEW = Duration.ofSeconds(1);

  /** A share of max_connections, in percent. */
  private static final int NEARLY_ALL = 80;

  private static final long FEW_FILES = 4_096;

  private final LagSource lag;

  /**
   * A diagnosis.
   *
   * @param lag how polls learn of the lag, which says what a server is taken for
   */
  Diagnosis(LagSource lag) {
    this.lag = lag;
  }

  List<DoctorFinding> of(HostFacts host, List<Report.OfEndpoint> endpoints) {
    List<DoctorFinding> findings = new ArrayList<>();
    for (Report.OfEndpoint of : endpoints) {
      findings.addAll(FailureDiagnosis.of(of.endpoint(), of.samples()));
      findings.addAll(PhaseDiagnosis.of(of.endpoint(), of.samples(), of.server()));
      ServerFacts server = of.server();
      if (server != null) {
        connections(of.endpoint(), of.samples(), server, findings);
        replication(of.endpoint(), server, findings);
        clock(of.endpoint(), server, findings);
        server.check().stream()
            .filter(found -> !found.isAdvice())
            .forEach(found -> findings.add(found(Ailment.CHECK, of, found)));
        server.unseen().forEach(found -> findings.add(found(Ailment.UNSEEN, of, found)));
      }
    }
    limits(host, findings);
    return findings;
  }

  private static DoctorFinding found(Ailment ailment, Report.OfEndpoint of, Finding found) {
    return finding(
        ailment,
        Party.CONFIGURATION,
        of.endpoint(),
        found.what().replaceFirst("^\\S+: ", ""),
        found.evidence(),
        found.fix());
  }

  private static void connections(
      String endpoint, Samples samples, ServerFacts server, List<DoctorFinding> findings) {
    long used = server.after().getOrDefault("threads_connected", 0L);
    long most = server.number("max_connections");
    if (most > 0 && used * 100 > most * NEARLY_ALL) {
      findings.add(
          finding(
              Ailment.CONNECTIONS_USED,
              Party.SERVER,
              endpoint,
              "most of the server's connections are in use; the next ones will be refused",
              "Threads_connected %d, max_connections %d".formatted(used, most),
              "find who holds them: SELECT user, host, command, time FROM information_schema.PROCESSLIST ORDER BY time DESC; then raise max_connections or bound the pools"));
    }
    long aborted = server.growth("aborted_connects");
    if (aborted > 0) {
      boolean isOurs = samples.failed() > 0;
      findings.add(
          finding(
              Ailment.ABORTED,
              isOurs ? Party.NETWORK : Party.CLIENT,
              endpoint,
              isOurs
                  ? "the server counts connects that broke while we connected, ours among them"
                  : "the server counts connects that broke while all of ours succeeded: another client's",
              "Aborted_connects grew by %d while %d of our %s failed"
                  .formatted(aborted, samples.failed(), Count.of(samples.tried(), "connect")),
              isOurs
                  ? "look at the findings about failed connects, and at the server's error log with log_error_verbosity (MySQL) or log_warnings (MariaDB) raised"
                  : "the server's error log names that client's host"));
    }
    long lost = server.growth("aborted_clients");
    if (lost > 0) {
      findings.add(
          finding(
              Ailment.ABORTED,
              Party.NETWORK,
              endpoint,
              "connections that stood ended without a word while we connected",
              "Aborted_clients grew by " + lost,
              "look for a firewall or balancer that drops idle connections, and at wait_timeout"));
    }
  }

  private void replication(String endpoint, ServerFacts server, List<DoctorFinding> findings) {
    Map<String, String> state = server.replication();
    String io = state.getOrDefault("replica_io_running", "Yes");
    String sql = state.getOrDefault("replica_sql_running", "Yes");
    Duration behind = server.lag();
    if (!io.equals("Yes") || !sql.equals("Yes")) {
      findings.add(
          finding(
              Ailment.REPLICATION_LATE,
              Party.REPLICATION,
              endpoint,
              "replication stands still",
              "fetching: %s, applying: %s; %s %s"
                  .formatted(
                      io,
                      sql,
                      state.getOrDefault("last_io_error", ""),
                      state.getOrDefault("last_sql_error", ""))
                  .strip(),
              "START REPLICA on the replica; if it stops again, its last error says why"));
    } else if (behind != null && behind.compareTo(LARGE_LAG) > 0) {
      findings.add(
          finding(
              Ailment.REPLICATION_LATE,
              Party.REPLICATION,
              endpoint,
              lag instanceof LagSource.Heartbeat
                  ? "the heartbeat is old: the replica lags, or nobody writes it"
                  : "the replica lags behind its source",
              "%d s".formatted(behind.toSeconds()),
              "look for a long transaction or DDL on the source, and at the replica's load and disks"));
    }
    boolean isReplica = !state.isEmpty();
    if (isReplica && !server.isOn("read_only")) {
      findings.add(
          finding(
              Ailment.ROLE,
              Party.CONFIGURATION,
              endpoint,
              "a replica that accepts writes drifts away from its source",
              "it replicates, and read_only is OFF",
              "SET GLOBAL read_only = ON on the replica, and in its configuration"));
    } else if (!isReplica && server.isOn("read_only") && lag instanceof LagSource.NotReplicated) {
      findings.add(
          finding(
              Ailment.ROLE,
              Party.CONFIGURATION,
              endpoint,
              "the server is configured as the source, yet refuses writes: its role may have changed",
              "source.lag is not_replicated, and read_only is ON",
              "see which server takes the writes now, and correct source.endpoints and source.lag"));
    }
  }

  private static void clock(String endpoint, ServerFacts server, List<DoctorFinding> findings) {
    Duration surely = server.clockOffset().abs().minus(server.clockUncertainty());
    if (surely.compareTo(LARGE_SKEW) > 0) {
      findings.add(
          finding(
              Ailment.CLOCK,
              Party.CLIENT,
              endpoint,
              "the clocks of this host and of the server differ",
              "the server's is %s of ours by %d ms, give or take %d ms"
                  .formatted(
                      server.clockOffset().isNegative() ? "behind" : "ahead",
                      server.clockOffset().abs().toMillis(),
                      server.clockUncertainty().toMillis()),
              "see on both hosts whether the clock is synchronised: timedatectl, chronyc tracking"));
    }
  }

  private static void limits(HostFacts host, List<DoctorFinding> findings) {
    String files = host.limits().getOrDefault("Max open files", "unlimited");
    String soft = files.split(" ", 2)[0];
    if (soft.matches("[0-9]{1,9}") && Long.parseLong(soft) < FEW_FILES) {
      findings.add(
          finding(
              Ailment.HOST_LIMITS,
              Party.CLIENT,
              "this host",
              "few files may be open: indexes of many cities and connections will fail",
              "Max open files is %s, expected at least %d".formatted(files, FEW_FILES),
              "LimitNOFILE in the systemd unit, or ulimit -n"));
    }
  }

  static DoctorFinding finding(
      Ailment ailment, Party party, String where, String what, String evidence, String next) {
    return new DoctorFinding(ailment, party, where, what, evidence, next, ailment.heading());
  }
}
