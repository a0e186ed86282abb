package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.Canary;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.incident.Symptom;
import freshet.replicator.incident.Symptom.Presence;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanarySymptomsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** It is written every ten seconds, so that much of its age may be its own. */
  @ParameterizedTest
  @CsvSource({
    "0, 57, ",
    "0, 58, FADING",
    "0, 70, FADING",
    "0, 71, CLEAR",
    "60, 71, CLEAR",
    "61, 500, ",
    ", 500, ",
    "0, , CLEAR",
    "61, , ",
  })
  void onlyWhatContradictsAnAgeWithinItsLimitIsTold(
      @Nullable Integer age, @Nullable Integer canary, @Nullable Presence presence) {
    assertThat(CanarySymptoms.of(seen(age, canary)).map(Symptom::presence))
        .isEqualTo(Optional.ofNullable(presence));
  }

  @Test
  void bothAgesAreNamed() {
    Symptom symptom = CanarySymptoms.of(seen(2, 500)).orElseThrow();

    assertThat(symptom.failure()).isEqualTo("CanaryTooOld");
    assertThat(symptom.what())
        .isEqualTo(
            "the canary: document 0 of city beat, written 8 min 20 s ago, at 2026-03-01T11:51:40Z;"
                + " it should be written every 10.0 s, the limit is 1 min 0 s; by the age that is"
                + " computed, what is served is at most 2.0 s behind the database");
    assertThat(symptom.limitAt()).isNull();
  }

  @Test
  void whatIsNotFoundSaysWhy() {
    Symptom symptom = CanarySymptoms.of(seen(2, null)).orElseThrow();

    assertThat(symptom.failure()).isEqualTo("CanaryNotFound");
    assertThat(symptom.what())
        .isEqualTo(
            "the canary: document 0 of city beat, tells no time: not found; by the age that is"
                + " computed, what is served is at most 2.0 s behind the database");
  }

  @Test
  void withoutACanaryThereIsNothingToTell() {
    assertThat(
            CanarySymptoms.of(
                new SlaveObservation(NOON, age(0), LIMIT, null, "waits for news", null, null)))
        .isEmpty();
  }

  private static SlaveObservation seen(@Nullable Integer age, @Nullable Integer canary) {
    CanaryReport report =
        new CanaryReport(
            new Canary("0", new City("beat"), null, Duration.ofSeconds(10)),
            canary == null
                ? new Age.Unknown("not found")
                : new Age.Known(Duration.ofSeconds(canary)),
            canary == null ? null : NOON.minusSeconds(canary));
    return new SlaveObservation(NOON, age(age), LIMIT, report, "waits for news", null, null);
  }

  private static AgeReport age(@Nullable Integer seconds) {
    Age age =
        seconds == null
            ? new Age.Unknown("the lag is unknown")
            : new Age.Known(Duration.ofSeconds(seconds));
    return new AgeReport(age, null, null, 1, 0, null, StageAges.NONE, "");
  }
}
