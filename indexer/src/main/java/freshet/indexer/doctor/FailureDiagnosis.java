package freshet.indexer.doctor;

import freshet.indexer.connect.ConnectPhase;
import java.util.List;

/** Who is at fault when connects fail. Pure. */
final class FailureDiagnosis {
  private FailureDiagnosis() {}

  static List<DoctorFinding> of(String endpoint, Samples samples) {
    return samples.failures().stream().map(failure -> of(endpoint, samples, failure)).toList();
  }

  private static DoctorFinding of(String endpoint, Samples samples, Samples.Failure failure) {
    String early =
        samples.tried() < samples.wanted()
            ? ", the other %d were not tried".formatted(samples.wanted() - samples.tried())
            : "";
    return new DoctorFinding(
        Ailment.CONNECTS_FAIL,
        party(failure, samples),
        endpoint,
        "connects fail: %s%s"
            .formatted(failure.kind(), failure.phase() == null ? "" : " while " + failure.phase()),
        "%d of %d%s; the first: %s"
            .formatted(failure.count(), samples.tried(), early, failure.message()),
        next(failure),
        failure.kind());
  }

  private static Party party(Samples.Failure failure, Samples samples) {
    ConnectPhase phase = failure.phase();
    return switch (failure.kind()) {
      case "Unreachable" ->
          phase == ConnectPhase.RESOLVE
              ? Party.CLIENT
              : failure.isTimedOut() || samples.total() != null ? Party.NETWORK : Party.SERVER;
      // One that sometimes succeeds is lost on its way; one that never does is not answered.
      case "HandshakeLost", "LostDuringQuery" ->
          samples.total() == null ? Party.SERVER : Party.NETWORK;
      case "AccessDenied", "SchemaError", "PacketTooLarge" -> Party.CONFIGURATION;
      case "RoleSwapped" -> Party.REPLICATION;
      default -> Party.SERVER;
    };
  }

  private static String next(Samples.Failure failure) {
    return switch (failure.kind()) {
      case "Unreachable" ->
          failure.phase() == ConnectPhase.RESOLVE
              ? "getent hosts NAME on this host; /etc/resolv.conf and the name servers that it names"
              : "see whether the server runs and listens: on its host ss -ltn; from here a route and no firewall between";
      case "HandshakeLost" ->
          "the server's error log; a proxy or firewall between; if it blocked this host (code 1129), FLUSH HOSTS on MariaDB, TRUNCATE TABLE performance_schema.host_cache on MySQL";
      case "HandshakeTimedOut" ->
          "the load of the server's host; whether its process is stopped or swapping; Threads_running, back_log";
      case "TooManyConnections" ->
          "who holds the connections: information_schema.PROCESSLIST; then max_connections or the account's limit";
      case "ShuttingDown" -> "wait until it is up again, or let source.endpoints name another";
      case "AccessDenied" -> "user, password and source.tls in the configuration; conf/grants.sql";
      case "SchemaError" -> "source.database in the configuration; bin/indexer check-config";
      case "PacketTooLarge" -> "max_allowed_packet of the server; whether a database listens there";
      default -> "the server's error log, and the connection's way there";
    };
  }
}
