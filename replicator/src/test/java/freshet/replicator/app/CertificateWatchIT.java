package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.AlertSettings;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.incident.Notice;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.SinkSettings;
import freshet.replicator.tls.CertificateEnd;
import freshet.replicator.tls.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        new CertificateWatch(shown(certificate.certificate()), Set.of(), CHECK, time);
    List<String> told = new ArrayList<>();
    try (AlertMonitor monitor =
        new AlertMonitor(
            folder.resolve("alerts"),
            new AlertSettings(IncidentOptions.DEFAULT, 10, 10, NO_SINK),
            List.of(),
            time)) {
      for (int hour = 0; hour < 25 * 24; hour++) {
        for (Notice notice : monitor.look("m", null, null, at -> watch.symptoms(at))) {
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
          .containsExactly(tuple("certificate-ends", false));

      certificate.replaceBy(renewed);
      List<Notice> last = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        time.advance(Duration.ofMinutes(2));
        last.addAll(monitor.look("m", null, null, at -> watch.symptoms(at)));
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

    assertThat(new CertificateWatch(null, Set.of(both), CHECK, time).symptoms(time.now()))
        .singleElement()
        .satisfies(symptom -> assertThat(symptom.what()).contains("CN=next", "in 26 d 0 h"));
    assertThat(new CertificateWatch(shown(both), Set.of(), CHECK, time).symptoms(time.now()))
        .singleElement()
        .satisfies(symptom -> assertThat(symptom.what()).contains("CN=master", "(the first of 2)"));
  }

  @Test
  void aFileThatCannotBeReadIsForWhoeverUsesItToTell() {
    ManualTime time = new ManualTime(new SystemTime().now());
    Path missing = folder.resolve("missing.pem");

    assertThat(
            new CertificateWatch(shown(missing), Set.of(folder), CHECK, time).symptoms(time.now()))
        .isEmpty();
  }

  @Test
  void aBadRenewalIsToldWhileWhatItReplacedCountsOn() throws Exception {
    TestCertificate other = TestCertificate.of(folder, "other", "EC", "ip:127.0.0.1", "+28d");
    Path trusted = folder.resolve("trusted.pem");
    Files.copy(other.certificate(), trusted);
    ManualTime time = new ManualTime(end.minus(Duration.ofDays(31)));
    CertificateWatch watch =
        new CertificateWatch(shown(certificate.certificate()), Set.of(trusted), CHECK, time);
    assertThat(watch.symptoms(time.now())).isEmpty();

    // Its key comes a little later, as some renewals have it: that is over by the next look.
    Path key = Files.move(certificate.key(), folder.resolve("aside.key"));
    time.advance(Duration.ofDays(26));
    assertThat(watch.symptoms(time.now()))
        .extracting(Symptom::failure, symptom -> symptom.cause().severity())
        .containsExactly(
            tuple("CertificateEnds", Severity.CRITICAL),
            tuple("CertificateUnusable", Severity.WARNING));
    Files.move(key, certificate.key());
    assertThat(watch.symptoms(time.now()))
        .extracting(Symptom::failure)
        .doesNotContain("CertificateUnusable");

    Files.copy(other.certificate(), certificate.certificate(), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(trusted, "-----BEGIN CERTIFICATE-----\ncut");
    time.advance(Duration.ofMinutes(1));
    assertThat(watch.symptoms(time.now()))
        .satisfiesExactly(
            ends ->
                assertThat(ends.what()).contains("CN=master", certificate.certificate().toString()),
            bad -> {
              assertThat(bad.what())
                  .contains("does not belong to the certificate", "(the first of 2 files)");
              assertThat(bad.affected())
                  .containsExactly(certificate.certificate().toString(), trusted.toString());
              assertThat(bad.advice().nextCommand()).isEqualTo(CHECK);
            });
  }

  private ServerSettings.Tls shown(Path file) {
    return new ServerSettings.Tls(file, certificate.key());
  }
}
