package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.CertificateSymptoms.Ending;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Symptom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateSymptomsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String CHECK = "bin/replicator check-config";

  @ParameterizedTest
  @CsvSource({
    "P365D, ",
    "P30D, ",
    "P29DT23H59M59S, WARNING",
    "P7D, WARNING",
    "P6DT23H59M59S, CRITICAL",
    "PT0S, CRITICAL",
    "P-9D, CRITICAL"
  })
  void aCertificateIsTold30DaysBeforeItsEndAndIsCriticalFrom7On(
      Duration left, @Nullable Severity severity) {
    assertThat(
            CertificateSymptoms.of(List.of(ending("a.crt", left)), NOON, CHECK)
                .map(symptom -> symptom.cause().severity())
                .orElse(null))
        .isEqualTo(severity);
  }

  @Test
  void severalAreOneSymptomThatSaysWhichEndsFirst() {
    Symptom symptom =
        CertificateSymptoms.of(
                List.of(
                    ending("b.crt", Duration.ofDays(20)),
                    ending("a.crt", Duration.ofDays(10)),
                    ending("c.crt", Duration.ofDays(90))),
                NOON,
                CHECK)
            .orElseThrow();

    assertThat(symptom.cause().name()).isEqualTo("certificate-ends");
    assertThat(symptom.affected()).containsExactly("a.crt", "b.crt");
    assertThat(symptom.what())
        .isEqualTo(
            "the certificate of CN=a.crt in a.crt ends at 2026-03-11T12:00:00Z, in 10 d 0 h (the"
                + " first of 2)");
  }

  @Test
  void oneThatHasEndedSaysForHowLong() {
    assertThat(
            CertificateSymptoms.of(List.of(ending("a.crt", Duration.ofHours(-2))), NOON, CHECK)
                .orElseThrow()
                .what())
        .isEqualTo(
            "the certificate of CN=a.crt in a.crt has ended at 2026-03-01T10:00:00Z, 2 h 0 min ago");
  }

  private static Ending ending(String file, Duration left) {
    return new Ending(file, "CN=" + file, NOON.plus(left));
  }
}
