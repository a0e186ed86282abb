package freshet.indexer.doctor;

import freshet.indexer.connect.ConnectPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is at fault when connects succeed, but slowly. Pure. */
final class PhaseDiagnosis {
  /** A SYN that is lost is sent again after a second; no network is as slow by itself. */
  private static final Duration SYN_AGAIN = Duration.ofMillis(900);

  private static final Duration SLOW_NAME = Duration.ofMillis(100);
  private static final Duration SLOW_TCP = Duration.ofMillis(150);
  private static final Duration SLOW_ANSWER = Duration.ofMillis(250);
  private static final Duration VERY_SLOW = Duration.ofSeconds(1);

  /** How often an answer takes a round trip of TCP, before it is the server's own slowness. */
  private static final int ROUND_TRIPS = 5;

  private PhaseDiagnosis() {}

  static List<DoctorFinding> of(String endpoint, Samples samples, @Nullable ServerFacts server) {
    List<DoctorFinding> findings = new ArrayList<>();
    Spread name = samples.phases().get(ConnectPhase.RESOLVE);
    if (name != null && isAbove(name, SLOW_NAME)) {
      findings.add(
          Diagnosis.finding(
              Ailment.NAME_SLOW,
              Party.CLIENT,
              endpoint,
              "this host looks the server's name up slowly",
              inWords(name),
              "/etc/resolv.conf: a dead name server comes first, or search domains are tried; a local cache helps"));
    }
    Spread tcp = samples.phases().get(ConnectPhase.TCP);
    if (tcp != null && tcp.max().compareTo(SYN_AGAIN) >= 0) {
      findings.add(
          Diagnosis.finding(
              Ailment.TCP_SLOW,
              Party.NETWORK,
              endpoint,
              "packets are lost: the first one of a connection was sent again, which takes 1 s, then 3 s",
              inWords(tcp),
              "on both hosts: nstat -az TcpExtTCPSynRetrans TcpExtListenDrops; drops at the server mean a full queue (back_log, somaxconn), else look at firewall and links"));
    } else if (tcp != null && isAbove(tcp, SLOW_TCP)) {
      findings.add(
          Diagnosis.finding(
              Ailment.TCP_SLOW,
              Party.NETWORK,
              endpoint,
              "TCP connects slowly, before the server's program has any part in it",
              inWords(tcp),
              "mtr or ping from this host to the server; MTU and errors of the interfaces (ip -s link)"));
    }
    answer(endpoint, samples, server, findings);
    for (ConnectPhase phase :
        List.of(ConnectPhase.TLS, ConnectPhase.AUTHENTICATION, ConnectPhase.SESSION)) {
      Spread spread = samples.phases().get(phase);
      if (spread != null && isSlowAnswer(spread, tcp)) {
        findings.add(
            Diagnosis.finding(
                Ailment.AUTHENTICATION_SLOW,
                Party.SERVER,
                endpoint,
                "the server is slow when " + phase,
                inWords(spread),
                "the processor's load on the server; caching_sha2_password hashes each password that is not cached; an external plugin (LDAP, PAM) asks others"));
      }
    }
    return findings;
  }

  private static void answer(
      String endpoint,
      Samples samples,
      @Nullable ServerFacts server,
      List<DoctorFinding> findings) {
    Spread greeting = samples.phases().get(ConnectPhase.GREETING);
    if (greeting == null || !isSlowAnswer(greeting, samples.phases().get(ConnectPhase.TCP))) {
      return;
    }
    boolean looksNamesUp = server != null && !server.isOn("skip_name_resolve");
    findings.add(
        Diagnosis.finding(
            Ailment.GREETING_SLOW,
            Party.SERVER,
            endpoint,
            looksNamesUp
                ? "TCP is fast, but the server's first byte comes late: it looks our address up in DNS, or is overloaded"
                : "TCP is fast, but the server's first byte comes late: it is overloaded, and slow to make a thread",
            inWords(greeting)
                + (server == null
                    ? ""
                    : "; skip_name_resolve %s, back_log %s, thread_cache_size %s, Threads_running %s"
                        .formatted(
                            server.variables().getOrDefault("skip_name_resolve", "unknown"),
                            server.variables().getOrDefault("back_log", "unknown"),
                            server.variables().getOrDefault("thread_cache_size", "unknown"),
                            server.after().getOrDefault("threads_running", 0L))),
            looksNamesUp
                ? "skip_name_resolve = ON in the server's configuration, with accounts by address; or repair reverse DNS"
                : "load and swapping of the server's host; thread_cache_size, back_log; bursts of connects by others"));
  }

  /** Slow in half of the cases, or very slow in some. */
  private static boolean isAbove(Spread spread, Duration slow) {
    return spread.p50().compareTo(slow) > 0 || spread.p99().compareTo(VERY_SLOW) > 0;
  }

  /** The same, unless the server is only far away. */
  private static boolean isSlowAnswer(Spread spread, @Nullable Spread tcp) {
    Spread trip = tcp == null ? spread : tcp;
    boolean isHalf = spread.p50().compareTo(SLOW_ANSWER) > 0 && isMany(spread.p50(), trip.p50());
    return isHalf || (spread.p99().compareTo(VERY_SLOW) > 0 && isMany(spread.p99(), trip.p99()));
  }

  private static boolean isMany(Duration answer, Duration trip) {
    return answer.compareTo(trip.multipliedBy(ROUND_TRIPS)) > 0;
  }

  private static String inWords(Spread spread) {
    return "half took up to %d ms, the slowest %d ms"
        .formatted(spread.p50().toMillis(), spread.max().toMillis());
  }
}
