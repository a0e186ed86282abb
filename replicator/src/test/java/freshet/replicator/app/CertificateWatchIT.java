package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.AlertSettings;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.incident.Notice;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.SinkSettings;
import freshet.replicator.tls.CertificateEnd;
import freshet.replicator.tls.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real PEM files on a manual clock. */
class CertificateWatchIT {
  private static final String CHECK = "bin/replicator check-config";
  private static final SinkSettings NO_SINK = new SinkSettings(false, null, null, null, null);

  @TempDir private Path folder;
  private TestCertificate certificate;
  private Instant end;

  @BeforeEach
  void make() throws Exception {
    certificate = TestCertificate.of(folder, "master");
    end = CertificateEnd.in(certificate.certificate()).getFirst().end();
  }

  @Test
  void aCertificateThatEndsIsToldTwiceAndItsRenewalEndsThat() throws Exception {
    TestCertificate renewed = TestCertificate.of(folder, "renewed", "EC", "ip:127.0.0.1", "+28d");
    ManualTime time = new ManualTime(end.minus(Duration.ofDays(31)));
    CertificateWatch watch =
        new CertificateWatch(Set.of(certificate.certificate()), Set.of(), CHECK, time);
    List<String> told = new ArrayList<>();
    try (AlertMonitor monitor =
        new AlertMonitor(
            folder.resolve("alerts"),
            new AlertSettings(IncidentOptions.DEFAULT, 10, 10, NO_SINK),
            List.of(),
            time)) {
      for (int hour = 0; hour < 25 * 24; hour++) {
        for (Notice notice :
            monitor.look("m", null, null, at -> watch.symptom(at).stream().toList())) {
          if (notice.event() == Notice.Event.FIRING
              || notice.incident().severity().name().equals("CRITICAL")) {
            told.add(notice.event() + " " + notice.incident().severity());
          }
        }
        if (told.size() == 2) {
          break;
        }
        time.advance(Duration.ofHours(1));
      }
      assertThat(told).containsExactly("FIRING WARNING", "STILL_FIRING CRITICAL");
      assertThat(Duration.between(time.now(), end))
          .isBetween(Duration.ofDays(6), Duration.ofDays(7));
      assertThat(monitor.open().incidents())
          .extracting(Incident::cause, Incident::concernsEverything)
          .containsExactly(org.assertj.core.api.Assertions.tuple("certificate-ends", false));

      certificate.replaceBy(renewed);
      List<Notice> last = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        time.advance(Duration.ofMinutes(2));
        last.addAll(monitor.look("m", null, null, at -> watch.symptom(at).stream().toList()));
      }
      assertThat(last).extracting(Notice::event).containsExactly(Notice.Event.RESOLVED);
    }
  }

  @Test
  void ofAuthoritiesTheLastThatEndsCountsAndOfAChainTheFirst() throws Exception {
    TestCertificate next = TestCertificate.of(folder, "next", "EC", "ip:127.0.0.1", "+20d");
    Path both =
        Files.writeString(
            folder.resolve("both.pem"),
            Files.readString(certificate.certificate()) + Files.readString(next.certificate()));
    ManualTime time = new ManualTime(end.minus(Duration.ofDays(5)));

    assertThat(new CertificateWatch(Set.of(), Set.of(both), CHECK, time).symptom(time.now()))
        .hasValueSatisfying(
            symptom -> assertThat(symptom.what()).contains("CN=next", "in 26 d 0 h"));
    assertThat(new CertificateWatch(Set.of(both), Set.of(), CHECK, time).symptom(time.now()))
        .hasValueSatisfying(
            symptom -> assertThat(symptom.what()).contains("CN=master", "(the first of 2)"));
  }

  @Test
  void aFileThatCannotBeReadIsForWhoeverUsesItToTell() {
    ManualTime time = new ManualTime(new SystemTime().now());
    Path missing = folder.resolve("missing.pem");

    assertThat(
            new CertificateWatch(Set.of(missing), Set.of(folder), CHECK, time).symptom(time.now()))
        .isEmpty();
  }
}
