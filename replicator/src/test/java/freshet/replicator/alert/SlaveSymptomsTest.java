package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.SlaveObservation.Kind;
import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.incident.Symptom;
import freshet.replicator.incident.Symptom.Presence;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.Pauses;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlaveSymptomsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({"47, ", "48, FADING", "60, FADING", "61, CLEAR"})
  void anAgeFadesBelowItsLimit(int seconds, @Nullable Presence presence) {
    List<Symptom> symptoms = SlaveSymptoms.of(seen(report(seconds, 0), null));

    assertThat(symptoms.stream().map(Symptom::presence).toList())
        .isEqualTo(presence == null ? List.of() : List.of(presence));
  }

  @Test
  void anAgeNamesItsLargestStageAndWhenTheLimitWasCrossed() {
    Symptom symptom = SlaveSymptoms.of(seen(report(90, 0), null)).getFirst();

    assertThat(symptom.what())
        .isEqualTo(
            "what is served is 1 min 30 s behind the database, the limit is 1 min 0 s; most of it:"
                + " pulling, 1 min 30 s; it waits for news");
    assertThat(symptom.limitAt()).isEqualTo(NOON.minusSeconds(30));
    assertThat(symptom.advice().heading()).isEqualTo("What if a slave's age is above its limit?");
  }

  @Test
  void aCityThatIsBehindByItselfIsTheMastersToTell() {
    assertThat(SlaveSymptoms.of(seen(report(500, 490), null))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UNREACHABLE, remote-unreachable",
    "DENIED, pull-denied",
    "DAMAGED, pull-damaged",
    "REFUSED, pull-refused",
    "DISK, disk-full"
  })
  void pullsThatDoNotSucceedAreACause(Kind kind, String cause) {
    PullTrouble trouble =
        new PullTrouble(kind, "Unavailable", NOON.minusSeconds(20), 4, "no answer from master");

    Symptom symptom = SlaveSymptoms.of(seen(report(10, 0), trouble)).getFirst();

    assertThat(symptom.cause().name()).isEqualTo(cause);
    assertThat(symptom.failure()).isEqualTo("Unavailable");
    assertThat(symptom.what())
        .isEqualTo(
            "4 pulls in a row failed since 2026-03-01T11:59:40Z: no answer from master; what is"
                + " served is 10.0 s behind the database");
    assertThat(symptom.limitAt()).isEqualTo(NOON.plusSeconds(50));
  }

  @Test
  void aRemoteThatIsSilentIsTheCauseBeforeAPullHasFailed() {
    SlaveObservation silent = seen(report(61, 0), null).withSilence("no answer within 2 s");

    assertThat(SlaveSymptoms.of(silent).stream().map(symptom -> symptom.cause().name()))
        .containsExactly("remote-unreachable", "age-above-limit");
    assertThat(SlaveSymptoms.of(silent).getFirst().what())
        .isEqualTo(
            "the remote is silent: no answer within 2 s; what is served is 1 min 1 s behind the"
                + " database");
    assertThat(seen(report(61, 0), null).withSilence(null)).isEqualTo(seen(report(61, 0), null));
  }

  @Test
  void anUnknownAgeHidesNoOther() {
    AgeReport report =
        new AgeReport(
            new Age.Unknown("city berlin was never complete"),
            new City("berlin"),
            null,
            2,
            1,
            Duration.ofSeconds(70),
            StageAges.NONE,
            "");

    assertThat(SlaveSymptoms.of(seen(report, null)).stream().map(each -> each.cause().name()))
        .containsExactly("age-above-limit", "age-unknown");
  }

  @Test
  void aPauseIsTheReasonAndIsToldOnceTheLimitIsCrossed() {
    Pause pause =
        Pause.of(null, "ann@ops-1", NOON.minusSeconds(50), Duration.ofMinutes(10), "new disk");

    Symptom symptom =
        SlaveSymptoms.of(
                new SlaveObservation(NOON, report(52, 0), LIMIT, null, "is paused", null, pause))
            .getFirst();

    assertThat(symptom.cause().name()).isEqualTo("paused");
    assertThat(symptom.presence()).isEqualTo(Presence.LATENT);
    assertThat(symptom.limitAt()).isEqualTo(NOON.plusSeconds(8));
    assertThat(symptom.what())
        .isEqualTo(
            "paused by ann@ops-1 until 2026-03-01T12:09:10Z: new disk; what is served is 52.0 s"
                + " behind the database, the limit is 1 min 0 s");
    assertThat(symptom.advice().nextCommand()).isEqualTo("bin/replicator resume");
  }

  @Test
  void aPauseOfWhatNobodyKnowsTheAgeOfIsToldAsAnyOtherCause() {
    Pause pause = Pause.of(null, "ann@ops-1", NOON, Duration.ofMinutes(10), null);

    Symptom symptom =
        SlaveSymptoms.of(
                new SlaveObservation(NOON, ofNothing(), LIMIT, null, "is paused", null, pause))
            .getFirst();

    assertThat(symptom.presence()).isEqualTo(Presence.CLEAR);
    assertThat(symptom.what())
        .contains("no reason was given; nobody knows how far what is served is behind");
  }

  @Test
  void aPausedCityIsToldAsTheMastersAreAndMakesNotTheOthersOld() {
    City berlin = new City("berlin");
    Pause pause =
        Pause.of(berlin, "ann@ops-1", NOON.minusSeconds(90), Duration.ofMinutes(10), "looking");
    Pauses pauses = new Pauses(null, new TreeMap<>(Map.of(berlin, pause)));
    CityAge age =
        new CityAge(berlin, new Age.Known(Duration.ofSeconds(92)), NOON, StageAges.NONE, pause);

    List<Symptom> symptoms =
        SlaveSymptoms.of(
            new SlaveObservation(
                NOON,
                report(92, 90),
                LIMIT,
                null,
                "waits for news",
                null,
                null,
                SlaveObservation.Standing.of(pauses, new TreeMap<>(Map.of(berlin, age)), NOON)));

    assertThat(symptoms).hasSize(1);
    Symptom symptom = symptoms.getFirst();
    assertThat(symptom.cause().name()).isEqualTo("paused");
    assertThat(symptom.presence()).isEqualTo(Presence.LATENT);
    assertThat(symptom.affected()).containsExactly("berlin");
    assertThat(symptom.limitAt()).isEqualTo(NOON.minusSeconds(92).plus(LIMIT));
    assertThat(symptom.what())
        .isEqualTo("berlin: paused by ann@ops-1 until 2026-03-01T12:08:30Z: looking");
    assertThat(symptom.advice().nextCommand()).isEqualTo("bin/replicator resume");
    assertThat(SlaveObservation.Standing.of(Pauses.NONE, new TreeMap<>(), NOON)).isNull();
    SlaveObservation.Standing unknown = SlaveObservation.Standing.of(pauses, new TreeMap<>(), NOON);
    assertThat(unknown).isNotNull();
    assertThat(unknown.since()).isEqualTo(pause.at());
  }

  private static AgeReport ofNothing() {
    return new AgeReport(
        new Age.Unknown("nothing is served yet"), null, null, 0, 0, null, StageAges.NONE, "");
  }

  private static SlaveObservation seen(AgeReport report, @Nullable PullTrouble trouble) {
    return new SlaveObservation(NOON, report, LIMIT, null, "waits for news", trouble, null);
  }

  private static AgeReport report(int seconds, int behind) {
    Duration age = Duration.ofSeconds(seconds);
    StageAges stages =
        new StageAges(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(behind),
            Duration.ZERO,
            age.minusSeconds(behind),
            Duration.ZERO);
    return new AgeReport(
        new Age.Known(age), new City("berlin"), NOON.minus(age), 1, 0, age, stages, "");
  }
}
