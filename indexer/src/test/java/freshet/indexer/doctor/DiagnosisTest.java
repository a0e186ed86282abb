package freshet.indexer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.session.LagSource;
import freshet.indexer.source.Finding;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
  static final HostFacts HOST =
      new HostFacts(
          Map.of("kernel", "Linux 6.1", "jdk", "Vendor 25"),
          Map.of("Max open files", "65536 65536"),
          Map.of("ipv4/tcp_syn_retries", "6"),
          Map.of("nameserver", "192.0.2.1"),
          Map.of("eth0", "1500"));

  static Spread spread(int p50, int p99) {
    return new Spread(
        Duration.ofMillis(1),
        Duration.ofMillis(p50),
        Duration.ofMillis(p99),
        Duration.ofMillis(p99));
  }

  /** All phases take 1 ms, but for one. */
  static Samples samples(ConnectPhase slow, int p50, int p99) {
    Map<ConnectPhase, Spread> phases = new EnumMap<>(ConnectPhase.class);
    for (ConnectPhase phase : ConnectPhase.values()) {
      phases.put(phase, phase == slow ? spread(p50, p99) : spread(1, 1));
    }
    return new Samples(20, 20, phases, spread(p50 + 5, p99 + 5), List.of());
  }

  static Samples failing(Samples.Failure failure, boolean someSucceed) {
    return new Samples(20, 3, Map.of(), someSucceed ? spread(5, 5) : null, List.of(failure));
  }

  /** A healthy server, with these variables, counters and states put over it. */
  static ServerFacts server(
      Map<String, String> variables, Map<String, Long> after, Map<String, String> replication) {
    Map<String, String> all =
        new TreeMap<>(
            Map.of("version", "8.0.33", "max_connections", "100", "skip_name_resolve", "ON"));
    all.putAll(variables);
    Map<String, Long> counters =
        new TreeMap<>(
            Map.of("aborted_connects", 7L, "aborted_clients", 7L, "threads_connected", 80L));
    Map<String, Long> before = Map.copyOf(counters);
    counters.putAll(after);
    return new ServerFacts(
        all,
        before,
        counters,
        replication,
        List.of("GRANT SELECT ON `shop`.`listing` TO `freshet`@`%`"),
        Duration.ofMillis(900),
        Duration.ofMillis(10),
        Duration.ofSeconds(1),
        "",
        List.of(),
        List.of());
  }

  static final ServerFacts HEALTHY = server(Map.of(), Map.of(), Map.of());

  private static List<DoctorFinding> diagnose(Samples samples, ServerFacts server) {
    return diagnose(new LagSource.ReplicaStatus(), samples, server);
  }

  private static List<DoctorFinding> diagnose(LagSource lag, Samples samples, ServerFacts server) {
    return new Diagnosis(lag).of(HOST, List.of(new Report.OfEndpoint("db:3306", samples, server)));
  }

  private static final Samples FAST = samples(ConnectPhase.TCP, 1, 1);

  private static void hasOnly(List<DoctorFinding> findings, Ailment ailment, Party party) {
    assertThat(findings)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.ailment()).isEqualTo(ailment);
              assertThat(finding.party()).isEqualTo(party);
              assertThat(finding.next()).isNotBlank();
            });
  }

  @Test
  void healthIsNoFinding() {
    assertThat(diagnose(FAST, HEALTHY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "RESOLVE,        150,  160, NAME_SLOW,           CLIENT",
    "RESOLVE,          1, 5000, NAME_SLOW,           CLIENT",
    "TCP,            200,  250, TCP_SLOW,            NETWORK",
    "TCP,              1, 1001, TCP_SLOW,            NETWORK",
    "GREETING,       300,  400, GREETING_SLOW,       SERVER",
    "GREETING,         1, 1500, GREETING_SLOW,       SERVER",
    "TLS,            300,  400, AUTHENTICATION_SLOW, SERVER",
    "AUTHENTICATION, 300,  400, AUTHENTICATION_SLOW, SERVER",
    "SESSION,        300,  400, AUTHENTICATION_SLOW, SERVER"
  })
  void slowPhaseHasItsParty(ConnectPhase phase, int p50, int p99, Ailment ailment, Party party) {
    hasOnly(diagnose(samples(phase, p50, p99), HEALTHY), ailment, party);
  }

  @ParameterizedTest
  @CsvSource({"RESOLVE, 90, 900", "TCP, 100, 800", "GREETING, 200, 900", "SESSION, 240, 900"})
  void aLittleSlownessIsNoFinding(ConnectPhase phase, int p50, int p99) {
    assertThat(diagnose(samples(phase, p50, p99), HEALTHY)).isEmpty();
  }

  @Test
  void aServerFarAwayIsNotAsSlowAsItsDistance() {
    Map<ConnectPhase, Spread> phases = new EnumMap<>(ConnectPhase.class);
    phases.put(ConnectPhase.TCP, spread(140, 150));
    phases.put(ConnectPhase.GREETING, spread(280, 300));
    phases.put(ConnectPhase.AUTHENTICATION, spread(420, 450));
    assertThat(diagnose(new Samples(20, 20, phases, spread(900, 950), List.of()), HEALTHY))
        .isEmpty();
  }

  @Test
  void aLateGreetingOfAServerThatLooksNamesUpSaysSo() {
    ServerFacts looking = server(Map.of("skip_name_resolve", "OFF"), Map.of(), Map.of());
    assertThat(diagnose(samples(ConnectPhase.GREETING, 5_000, 5_000), looking).getFirst().next())
        .contains("skip_name_resolve");
  }

  @ParameterizedTest
  @CsvSource({
    "Unreachable,        RESOLVE,        false, false, CLIENT",
    "Unreachable,        TCP,            true,  false, NETWORK",
    "Unreachable,        TCP,            false, false, SERVER",
    "Unreachable,        TCP,            false, true,  NETWORK",
    "HandshakeLost,      GREETING,       false, false, SERVER",
    "HandshakeLost,      AUTHENTICATION, false, true,  NETWORK",
    "HandshakeTimedOut,  GREETING,       true,  false, SERVER",
    "TooManyConnections, GREETING,       false, true,  SERVER",
    "ShuttingDown,       GREETING,       false, false, SERVER",
    "RoleSwapped,        ,               false, true,  REPLICATION",
    "AccessDenied,       AUTHENTICATION, false, false, CONFIGURATION"
  })
  void failingConnectHasItsParty(
      String kind, ConnectPhase phase, boolean isTimedOut, boolean someSucceed, Party party) {
    Samples samples =
        failing(new Samples.Failure(kind, phase, isTimedOut, 3, "said so"), someSucceed);
    List<DoctorFinding> findings = diagnose(samples, HEALTHY);
    hasOnly(findings, Ailment.CONNECTS_FAIL, party);
    assertThat(findings.getFirst().heading()).isEqualTo(kind);
    assertThat(findings.getFirst().evidence())
        .isEqualTo("3 of 3, the other 17 were not tried; the first: said so");
  }

  @Test
  void mostConnectionsInUse() {
    ServerFacts full = server(Map.of(), Map.of("threads_connected", 81L), Map.of());
    hasOnly(diagnose(FAST, full), Ailment.CONNECTIONS_USED, Party.SERVER);
  }

  @Test
  void abortedConnectsWhileOursSucceedAreAnothersFault() {
    ServerFacts aborting = server(Map.of(), Map.of("aborted_connects", 9L), Map.of());
    hasOnly(diagnose(FAST, aborting), Ailment.ABORTED, Party.CLIENT);
  }

  @Test
  void abortedConnectsWhileOursFailAreSeenTogether() {
    ServerFacts aborting = server(Map.of(), Map.of("aborted_connects", 9L), Map.of());
    Samples failing =
        failing(
            new Samples.Failure("HandshakeLost", ConnectPhase.AUTHENTICATION, false, 2, "x"), true);
    assertThat(diagnose(failing, aborting))
        .extracting(DoctorFinding::ailment)
        .containsExactly(Ailment.CONNECTS_FAIL, Ailment.ABORTED);
  }

  @ParameterizedTest
  @CsvSource({"Yes, No", "No, Yes", "Connecting, Yes"})
  void replicationThatStandsStill(String io, String sql) {
    Map<String, String> state = Map.of("replica_io_running", io, "replica_sql_running", sql);
    hasOnly(
        diagnose(FAST, server(Map.of("read_only", "ON"), Map.of(), state)),
        Ailment.REPLICATION_LATE,
        Party.REPLICATION);
  }

  @Test
  void aReplicaThatAcceptsWritesAndASourceThatDoesNot() {
    Map<String, String> running = Map.of("replica_io_running", "Yes", "replica_sql_running", "Yes");
    hasOnly(
        diagnose(FAST, server(Map.of("read_only", "OFF"), Map.of(), running)),
        Ailment.ROLE,
        Party.CONFIGURATION);
    hasOnly(
        diagnose(
            new LagSource.NotReplicated(),
            FAST,
            server(Map.of("read_only", "ON"), Map.of(), Map.of())),
        Ailment.ROLE,
        Party.CONFIGURATION);
  }

  private static ServerFacts of(Duration offset, Duration lag, List<Finding> check) {
    return of(offset, lag, check, List.of());
  }

  private static ServerFacts of(
      Duration offset, Duration lag, List<Finding> check, List<Finding> unseen) {
    return new ServerFacts(
        HEALTHY.variables(),
        HEALTHY.before(),
        HEALTHY.after(),
        Map.of(),
        List.of(),
        offset,
        Duration.ofMillis(10),
        lag,
        lag == null ? "nobody says" : "",
        check,
        unseen);
  }

  @Test
  void aLargeLagIsAFindingAndAnUnknownOneIsTheChecks() {
    hasOnly(
        diagnose(FAST, of(Duration.ZERO, Duration.ofMinutes(2), List.of())),
        Ailment.REPLICATION_LATE,
        Party.REPLICATION);
    assertThat(diagnose(FAST, of(Duration.ZERO, null, List.of()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1011, true", "-1011, true", "1009, false", "-1009, false"})
  void clocksDifferOnlyWhereTheReadingIsSure(int offsetMillis, boolean isFinding) {
    assertThat(
            diagnose(FAST, of(Duration.ofMillis(offsetMillis), Duration.ofSeconds(1), List.of())))
        .hasSize(isFinding ? 1 : 0);
  }

  @Test
  void whatTheCheckFindsIsAFindingOfTheConfiguration() {
    Finding found = new Finding("db:3306: no index", "none", "CREATE INDEX x ON y (z)");
    List<DoctorFinding> findings =
        diagnose(FAST, of(Duration.ZERO, Duration.ofSeconds(1), List.of(found)));
    hasOnly(findings, Ailment.CHECK, Party.CONFIGURATION);
    assertThat(findings.getFirst().what()).isEqualTo("no index");
  }

  @Test
  void whatMayNotBeSeenIsAFindingOfTheConfiguration() {
    Finding unseen = new Finding("no replication", "denied", "GRANT x ON *.* TO y");
    List<DoctorFinding> findings =
        diagnose(FAST, of(Duration.ZERO, Duration.ofSeconds(1), List.of(), List.of(unseen)));
    hasOnly(findings, Ailment.UNSEEN, Party.CONFIGURATION);
    assertThat(findings.getFirst().next()).isEqualTo("GRANT x ON *.* TO y");
  }

  @Test
  void fewOpenFiles() {
    HostFacts small =
        new HostFacts(
            Map.of(), Map.of("Max open files", "1024 4096"), Map.of(), Map.of(), Map.of());
    hasOnly(
        new Diagnosis(new LagSource.NotReplicated()).of(small, List.of()),
        Ailment.HOST_LIMITS,
        Party.CLIENT);
  }

  @Test
  void spreadIsByNearestRank() {
    Spread of =
        Spread.of(IntStream.rangeClosed(1, 200).mapToObj(i -> Duration.ofMillis(201 - i)).toList());
    assertThat(of)
        .isEqualTo(
            new Spread(
                Duration.ofMillis(1),
                Duration.ofMillis(100),
                Duration.ofMillis(198),
                Duration.ofMillis(200)));
    assertThat(Spread.of(List.of(Duration.ofMillis(3))))
        .isEqualTo(
            new Spread(
                Duration.ofMillis(3),
                Duration.ofMillis(3),
                Duration.ofMillis(3),
                Duration.ofMillis(3)));
  }
}
