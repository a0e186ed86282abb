package freshet.indexer.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.doctor.Comparison.Difference;
import freshet.indexer.doctor.Comparison.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
  private static final Samples FAST = DiagnosisTest.samples(ConnectPhase.TCP, 1, 1);

  private static Report report(HostFacts host, Samples samples, ServerFacts server) {
    return new Report(
        Report.FORMAT,
        Instant.EPOCH,
        host,
        List.of(new Report.OfEndpoint("db:3306", samples, server)),
        List.of());
  }

  private static final Report BEFORE = report(DiagnosisTest.HOST, FAST, DiagnosisTest.HEALTHY);

  private static List<Difference> now(HostFacts host, Samples samples, ServerFacts server) {
    return Comparison.of(BEFORE, report(host, samples, server));
  }

  @Test
  void theSameIsNoDifference() {
    assertThat(Comparison.of(BEFORE, BEFORE)).isEmpty();
  }

  @Test
  void whatChangedTogetherIsNamedByImportance() {
    HostFacts other =
        new HostFacts(
            Map.of("kernel", "Linux 6.12", "jdk", "Vendor 25"),
            Map.of("Max open files", "1024 4096"),
            Map.of("ipv4/tcp_syn_retries", "2"),
            Map.of("nameserver", "192.0.2.1"),
            Map.of("eth0", "9000"));
    ServerFacts server =
        DiagnosisTest.server(
            Map.of("version", "8.4.0", "max_connections", "200"), Map.of(), Map.of());
    assertThat(now(other, DiagnosisTest.samples(ConnectPhase.GREETING, 40, 50), server))
        .containsExactly(
            new Difference(Subject.SERVER, "db:3306: version", "8.0.33", "8.4.0"),
            new Difference(Subject.HOST, "this host: kernel", "Linux 6.1", "Linux 6.12"),
            new Difference(
                Subject.LATENCY,
                "db:3306: waiting for the server's greeting, half took up to",
                "1.0 ms",
                "40.0 ms"),
            new Difference(Subject.VARIABLE, "db:3306: max_connections", "100", "200"),
            new Difference(Subject.SETTING, "MTU of eth0", "1500", "9000"),
            new Difference(Subject.SETTING, "limit Max open files", "65536 65536", "1024 4096"),
            new Difference(Subject.SETTING, "net/ipv4/tcp_syn_retries", "6", "2"));
  }

  @ParameterizedTest
  @CsvSource({"5, false", "6, true", "100, true"})
  void latencyCountsOnlyBeyondChance(int p50, boolean isDifferent) {
    assertThat(
            now(
                DiagnosisTest.HOST,
                DiagnosisTest.samples(ConnectPhase.SESSION, p50, 200),
                DiagnosisTest.HEALTHY))
        .hasSize(isDifferent ? 1 : 0);
  }

  @Test
  void countersAndLagAreNoDifference() {
    ServerFacts busier =
        DiagnosisTest.server(
            Map.of(), Map.of("aborted_connects", 900L, "threads_connected", 3L), Map.of());
    assertThat(now(DiagnosisTest.HOST, FAST, busier)).isEmpty();
  }

  @Test
  void failuresAreDifferences() {
    Samples failing =
        DiagnosisTest.failing(
            new Samples.Failure("HandshakeLost", ConnectPhase.GREETING, false, 3, "x"), false);
    assertThat(now(DiagnosisTest.HOST, failing, null))
        .extracting(Difference::subject, Difference::what, Difference::now)
        .containsExactly(
            tuple(
                Subject.FAILURES,
                "db:3306: HandshakeLost while waiting for the server's greeting",
                "3 of 3 connects"),
            tuple(Subject.FAILURES, "db:3306: answers questions", "no"));
  }

  @Test
  void anotherHostsServerIsComparedByItsPlace() {
    Report elsewhere =
        new Report(
            Report.FORMAT,
            Instant.EPOCH,
            DiagnosisTest.HOST,
            List.of(new Report.OfEndpoint("other:3306", FAST, DiagnosisTest.HEALTHY)),
            List.of());
    assertThat(Comparison.of(BEFORE, elsewhere))
        .containsExactly(
            new Difference(Subject.SERVER, "other:3306: address", "db:3306", "other:3306"));
  }
}
