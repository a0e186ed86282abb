package freshet.indexer.doctor;

import freshet.indexer.connect.ConnectPhase;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report as lines for people: a table with bars for each server, then findings in words. */
public final class DoctorText {
  private static final int BAR = 30;

  private DoctorText() {}

  /** The lines of a report. */
  public static List<String> of(Report report) {
    List<String> lines = new ArrayList<>();
    Map<String, String> host = report.host().system();
    lines.add(
        "this host: %s, %s, %s processors, %s"
            .formatted(
                host.getOrDefault("distribution", "unknown system"),
                host.getOrDefault("kernel", ""),
                host.getOrDefault("processors", "?"),
                host.getOrDefault("jdk", "")));
    for (Report.OfEndpoint endpoint : report.endpoints()) {
      lines.add("");
      table(endpoint, lines);
      ServerFacts server = endpoint.server();
      if (server != null) {
        lines.add(inOneLine(server));
      }
    }
    lines.add("");
    lines.add(
        report.findings().isEmpty()
            ? "no findings"
            : report.findings().size()
                + (report.findings().size() == 1 ? " finding" : " findings"));
    int number = 1;
    for (DoctorFinding finding : report.findings()) {
      lines.add("");
      lines.add(
          "%d. [%s] %s: %s"
              .formatted(
                  number++,
                  finding.party().name().toLowerCase(Locale.ROOT),
                  finding.where(),
                  finding.what()));
      lines.add("   evidence: " + finding.evidence());
      lines.add("   next: " + finding.next());
      lines.add("   see docs/troubleshooting.md, \"%s\"".formatted(finding.heading()));
    }
    return lines;
  }

  /** The lines of a comparison. */
  public static List<String> of(List<Comparison.Difference> differences) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        differences.isEmpty()
            ? "nothing that matters is different"
            : "different, the most important first:");
    for (Comparison.Difference difference : differences) {
      lines.add(
          "  [%s] %s: was %s, is %s"
              .formatted(
                  difference.subject().name().toLowerCase(Locale.ROOT),
                  difference.what(),
                  difference.before(),
                  difference.now()));
    }
    return lines;
  }

  private static void table(Report.OfEndpoint endpoint, List<String> lines) {
    Samples samples = endpoint.samples();
    lines.add(
        "%s: %d of %s made"
            .formatted(
                endpoint.endpoint(),
                samples.tried() - failedConnects(samples),
                Count.of(samples.wanted(), "connect")));
    Spread total = samples.total();
    if (total == null) {
      return;
    }
    lines.add(
        "%-15s %9s %9s %9s %9s  #: half, -: 99 of 100".formatted("ms", "min", "p50", "p99", "max"));
    for (Map.Entry<ConnectPhase, Spread> phase : samples.phases().entrySet()) {
      lines.add(row(phase.getKey().name().toLowerCase(Locale.ROOT), phase.getValue(), total));
    }
    lines.add(row("all", total, total));
  }

  private static int failedConnects(Samples samples) {
    return Math.min(samples.tried(), samples.failed());
  }

  private static String row(String name, Spread spread, Spread scale) {
    int half = length(spread.p50(), scale.p99());
    int most = Math.max(half, length(spread.p99(), scale.p99()));
    return "%-15s %9s %9s %9s %9s  %s%s"
        .formatted(
            name,
            millis(spread.min()),
            millis(spread.p50()),
            millis(spread.p99()),
            millis(spread.max()),
            "#".repeat(half),
            "-".repeat(most - half))
        .stripTrailing();
  }

  private static int length(Duration of, Duration whole) {
    return whole.isZero()
        ? 0
        : (int) Math.min(BAR, Math.round((double) BAR * of.toNanos() / whole.toNanos()));
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
  }

  private static String inOneLine(ServerFacts server) {
    return "version %s; connections %d of %d; Aborted_connects +%d, Aborted_clients +%d; max_allowed_packet %s; lag %s%s; clock %+d ms"
        .formatted(
            server.variables().getOrDefault("version", "unknown"),
            server.after().getOrDefault("threads_connected", 0L),
            server.number("max_connections"),
            server.growth("aborted_connects"),
            server.growth("aborted_clients"),
            server.variables().getOrDefault("max_allowed_packet", "unknown"),
            inWords(server.lag()),
            inWords(server.replication()),
            server.clockOffset().toMillis());
  }

  private static String inWords(Map<String, String> replication) {
    return replication.isEmpty()
        ? ""
        : " (fetching %s, applying %s)"
            .formatted(
                replication.getOrDefault("replica_io_running", "unknown"),
                replication.getOrDefault("replica_sql_running", "unknown"));
  }

  private static String inWords(@Nullable Duration lag) {
    return lag == null ? "unknown" : "at most " + lag.toMillis() + " ms";
  }
}
