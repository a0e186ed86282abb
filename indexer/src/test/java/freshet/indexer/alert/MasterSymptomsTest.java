package freshet.indexer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.alert.MasterObservation.Behind;
import freshet.indexer.alert.MasterObservation.Cycles;
import freshet.indexer.alert.MasterObservation.Laggards;
import freshet.indexer.alert.MasterObservation.Recent;
import freshet.indexer.alert.MasterObservation.SlaveSeen;
import freshet.indexer.build.BatchCounts;
import freshet.indexer.connect.ConnectFailures;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.CheckCounts;
import freshet.indexer.source.PollReport;
import freshet.replicator.files.Digest;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Symptom;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.Pauses;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MasterSymptomsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Endpoint REPLICA = new Endpoint("replica-1", 3306);
  private static final CycleOutcome WELL = new CycleOutcome.Refreshed(new Generation(1, 7));

  private final ConnectHistory connects = new ConnectHistory(SessionListener.NONE);
  private @Nullable CycleReport newest = report(WELL, Duration.ofMillis(100), null, Map.of());
  private @Nullable Instant failingSince;
  private @Nullable Instant runningSince;
  private Duration age = Duration.ofSeconds(2);
  private Map<City, String> held = Map.of();
  private Map<City, Behind> behind = Map.of();
  private Recent recent = new Recent(0, 3, 0, NOON.minusSeconds(3_600));
  private @Nullable Duration expected;
  private Pauses pauses = Pauses.NONE;
  private List<SlaveSeen> slaves =
      List.of(new SlaveSeen("slave-1", NOON.minusSeconds(4), Duration.ofSeconds(3), null));

  @Test
  void aMasterThatIsWellHasNoSymptom() {
    assertThat(look()).isEmpty();
    newest = null;
    assertThat(look()).isEmpty();
  }

  @Test
  void aFailedPollNamesItsClassItsNumbersAndWhenTheLimitWillBeCrossed() {
    SourceException failure =
        new SourceException.HandshakeTimedOut(
            "it gave up", ConnectFailures.timedOut(REPLICA, ConnectPhase.GREETING, 3_001));
    AtomicInteger left = new AtomicInteger(13);
    connects.tell(SessionListener.NONE, ago -> left.getAndDecrement() > 0);
    for (int i = 0; i < 6; i++) {
      connects.connected(REPLICA, null);
      connects.counted(REPLICA, 100 + 61 * i / 5);
    }
    for (int i = 0; i < 14; i++) {
      connects.failed(REPLICA, failure);
    }
    failingSince = NOON.minusSeconds(20);
    newest = failed(CycleOutcome.Stage.POLL, "HandshakeTimedOut", "it gave up", failure);

    Symptom symptom = only("poll-fails");

    assertThat(symptom.what())
        .isEqualTo(
            "HandshakeTimedOut: greeting not received within 3 s from replica-1:3306, 14 of the"
                + " last 20 connects; Aborted_connects +61; slaves were pulling during 13 of the 14;"
                + " all cycles fail");
    assertThat(symptom.limitAt()).isEqualTo(NOON.plusSeconds(298));
    assertThat(symptom.advice().heading()).isEqualTo("HandshakeTimedOut");
  }

  @Test
  void queriesThatFailAreCountedToo() {
    connects.connected(REPLICA, null);
    for (int i = 0; i < 3; i++) {
      connects.failed(REPLICA, new SourceException.Stalled("no row for 15 s", null));
    }
    newest = failed(CycleOutcome.Stage.POLL, "Stalled", "no row for 15 s");

    assertThat(only("poll-fails").what())
        .isEqualTo("Stalled: no row for 15 s; 3 of the last 4 connects and queries failed");
  }

  @Test
  void aPollThatStillTriesIsKnownToFail() {
    connects.failed(
        new Endpoint("replica-1", 3306), new SourceException.Stalled("no row for 15 s", null));
    assertThat(only("poll-fails").failure()).isEqualTo("Stalled");

    connects.connected(new Endpoint("replica-2", 3306), null);
    assertThat(look()).isEmpty();
  }

  /** Its next deadline may be later than that of the age. */
  @ParameterizedTest
  @CsvSource({"239, 239, false", "240, 119, false", "240, 120, true", "400, 390, true"})
  void aPollThatHasNotEndedIsTheCauseOfAnAgeThatItMakesUpMostOf(
      int seconds, int running, boolean isTold) {
    age = Duration.ofSeconds(seconds);
    runningSince = NOON.minusSeconds(running);
    assertThat(causes()).doesNotContain("poll-fails");

    connects.asks("reading changes");
    assertThat(causes().contains("poll-fails")).isEqualTo(isTold);
    if (isTold) {
      assertThat(look().getFirst().failure()).isEqualTo("Stalled");
      assertThat(look().getFirst().what()).startsWith("Stalled: reading changes has not ended");
    }

    connects.answered();
    assertThat(causes()).doesNotContain("poll-fails");
  }

  @ParameterizedTest
  @CsvSource({
    "RECOVER, build-fails",
    "ROUTE, build-fails",
    "BUILD, build-fails",
    "PUBLISH, publish-fails"
  })
  void whatFailsNamesItsStage(CycleOutcome.Stage stage, String cause) {
    newest = failed(stage, "DiskFailed", "no space left on device");

    assertThat(only(cause).what()).isEqualTo("no space left on device");
  }

  @Test
  void aSnapshotThatIsHeldAsAWholeIsTold() {
    newest =
        report(new CycleOutcome.Held("11 cities failed the gate"), Duration.ZERO, null, Map.of());

    assertThat(only("snapshot-held").what()).isEqualTo("11 cities failed the gate");
  }

  @Test
  void aLagThatIsNotKnownIsNoBetterThanALargeOne() {
    newest = report(WELL, null, "the lag is unknown: replication is not running", Map.of());
    assertThat(only("replica-lags").what())
        .isEqualTo("replica-1:3306: the lag is unknown: replication is not running");

    newest = report(WELL, Duration.ofMinutes(6), null, Map.of());
    assertThat(only("replica-lags").what())
        .isEqualTo("replica-1:3306 is 6 min 0 s behind its source, the age limit is 5 min 0 s");
  }

  @ParameterizedTest
  @CsvSource({"239, 235, ", "240, 119, ", "240, 120, LagNearLimit", "305, 301, LagAboveLimit"})
  void aLagIsTheCauseOfAnAgeThatItMakesUpMostOf(int seconds, int lag, @Nullable String failure) {
    age = Duration.ofSeconds(seconds);
    newest = report(WELL, Duration.ofSeconds(lag), null, Map.of());

    assertThat(look().stream().filter(each -> each.cause().name().equals("replica-lags")))
        .extracting(Symptom::failure)
        .isEqualTo(failure == null ? List.of() : List.of(failure));
  }

  @Test
  void citiesThatAreHeldAsOneAreToldAsOne() {
    newest =
        report(new CycleOutcome.Held("11 cities failed the gate"), Duration.ZERO, null, Map.of());
    held = Map.of(new City("köln"), "1 % left");

    assertThat(look().stream().map(each -> each.cause().name() + " " + each.presence()))
        .containsExactly("snapshot-held CLEAR", "cities-held FADING");
  }

  @Test
  void oneFailingCityOf700IsNamed() {
    newest = report(WELL, Duration.ZERO, null, Map.of(new City("köln"), "disk full"));

    Symptom symptom = only("cities-fail");
    assertThat(symptom.affected()).containsExactly("köln");
    assertThat(symptom.what())
        .isEqualTo("köln: can't apply changes (1 of them; the first: disk full)");
  }

  @Test
  void threeHundredHeldCitiesAreOneSymptom() {
    held =
        IntStream.range(0, 312)
            .boxed()
            .collect(Collectors.toMap(i -> new City("c%03d".formatted(i)), i -> "1 % left"));
    behind =
        held.keySet().stream()
            .collect(Collectors.toMap(city -> city, city -> new Behind(Instant.EPOCH, "gate")));

    Symptom symptom = only("cities-held");
    assertThat(symptom.affected()).hasSize(312);
    assertThat(symptom.what())
        .isEqualTo(
            "c000, c001, c002, c003, c004 and 307 more: stay as they are published (312 of them;"
                + " the first: 1 % left)");
  }

  @Test
  void aCityThatCatchesUpIsToldOnceItIsBehindForLongerThanTheLimit() {
    behind = Map.of(new City("x"), new Behind(NOON.minus(LIMIT), "it catches up"));
    assertThat(look()).isEmpty();

    behind = Map.of(new City("x"), new Behind(NOON.minus(LIMIT).minusSeconds(1), "it catches up"));
    assertThat(only("cities-behind").affected()).containsExactly("x");
  }

  @Test
  void theFirstOfTheCitiesSaysWhenTheLimitIsCrossed() {
    held = Map.of(new City("x"), "1 % left", new City("y"), "2 % left");
    assertThat(only("cities-held").limitAt()).isNull();
    behind =
        Map.of(
            new City("x"), new Behind(NOON.minusSeconds(10), "gate"),
            new City("y"), new Behind(NOON.minusSeconds(20), "gate"));

    assertThat(only("cities-held").limitAt()).isEqualTo(NOON.plus(LIMIT).minusSeconds(20));
  }

  @Test
  void nothingFreshIsAnEffectThatBeginsBeforeTheLimit() {
    age = Duration.ofSeconds(239);
    assertThat(look()).isEmpty();
    age = Duration.ofSeconds(240);

    Symptom symptom = only("nothing-fresh");
    assertThat(symptom.cause().kind()).isEqualTo(Cause.Kind.EFFECT);
    assertThat(symptom.limitAt()).isNull();
  }

  @Test
  void rowsThatAreSetAsideOrFoundLateAreTold() {
    recent = new Recent(2, 5, 7, NOON);

    assertThat(look().stream().map(Symptom::what))
        .containsExactly(
            "2 rows were set aside within the last hour, 5 in all",
            "7 changes of the last hour were committed later than source.overlap reaches; the sweep"
                + " found them");
  }

  @Test
  void aDatabaseWithoutChangesIsToldWhereTheyAreExpected() {
    expected = Duration.ofHours(2);
    assertThat(look()).isEmpty();
    expected = Duration.ofMinutes(59);

    assertThat(only("no-change-read").what())
        .isEqualTo(
            "no change was read since 2026-03-01T11:00:00Z, one is expected every 59 min 0 s");
  }

  @Test
  void slavesThatAreSilentOrFarBehindAreNamed() {
    slaves =
        List.of(
            new SlaveSeen("a", NOON.minusSeconds(31), Duration.ofDays(1), null),
            new SlaveSeen("b", NOON.minusSeconds(30), Duration.ofMinutes(10), null),
            new SlaveSeen("c", NOON, Duration.ofSeconds(601), null),
            new SlaveSeen("d", NOON, null, null));

    assertThat(look().stream().map(symptom -> symptom.cause().name() + symptom.affected()))
        .containsExactly("slaves-silent[a]", "slaves-behind[c]");
  }

  @Test
  void aSlaveThatTellsOfItselfIsGivenTime() {
    List<String> well = List.of();
    List<String> told = List.of("disk-full");
    slaves =
        List.of(
            new SlaveSeen("a", NOON.minusSeconds(600), Duration.ZERO, well),
            new SlaveSeen("b", NOON.minusSeconds(601), Duration.ZERO, told),
            new SlaveSeen("c", NOON, Duration.ofSeconds(601), well),
            new SlaveSeen("d", NOON, Duration.ofSeconds(601), told));

    assertThat(look().stream().map(symptom -> symptom.cause().name() + symptom.affected()))
        .containsExactly("slaves-silent[b]", "slaves-behind[c]");
  }

  private List<String> causes() {
    return look().stream().map(symptom -> symptom.cause().name()).toList();
  }

  @Test
  void aPausedMasterTellsOfThePauseAndNotOfWhatItsLastCycleMet() {
    newest = failed(CycleOutcome.Stage.POLL, "Unreachable", "connection refused");
    age = Duration.ofMinutes(4);
    pauses = new Pauses(pause(null), new TreeMap<>());

    List<Symptom> symptoms = look();

    assertThat(symptoms.stream().map(symptom -> symptom.cause().name()))
        .containsExactly("paused", "nothing-fresh");
    assertThat(symptoms.getFirst().presence()).isEqualTo(Symptom.Presence.LATENT);
    assertThat(symptoms.getFirst().limitAt()).isEqualTo(NOON.plusSeconds(60));
    assertThat(symptoms.getFirst().what())
        .isEqualTo(
            "paused by ann@ops-1 until 2026-03-01T12:09:00Z: new disk; what is served is 4 min 0 s"
                + " behind the database, the limit is 5 min 0 s");
  }

  @Test
  void citiesThatArePausedAreOneSymptomThatNamesThemAndDoNotStayBehindByThemselves() {
    City x = new City("x");
    City y = new City("y");
    pauses = new Pauses(null, new TreeMap<>(Map.of(x, pause(x), y, pause(y))));
    behind = Map.of(x, new Behind(NOON.minus(LIMIT).minusSeconds(1), "paused"));

    Symptom symptom = only("paused");

    assertThat(symptom.affected()).containsExactly("x", "y");
    assertThat(symptom.limitAt()).isEqualTo(NOON.minusSeconds(1));
    assertThat(symptom.what())
        .isEqualTo(
            "x, y: paused by ann@ops-1 until 2026-03-01T12:09:00Z: new disk (the first of 2)");
  }

  @Test
  void aPausedCityIsNotToldToFailWhileNobodyTries() {
    City x = new City("x");
    newest = report(WELL, Duration.ZERO, null, Map.of(x, "disk full"));
    pauses = new Pauses(null, new TreeMap<>(Map.of(x, pause(x))));

    assertThat(only("paused").affected()).containsExactly("x");
  }

  private static Pause pause(@Nullable City city) {
    return Pause.of(city, "ann@ops-1", NOON.minusSeconds(60), Duration.ofMinutes(10), "new disk");
  }

  private Symptom only(String cause) {
    List<Symptom> symptoms = look();
    assertThat(symptoms.stream().map(symptom -> symptom.cause().name())).containsExactly(cause);
    return symptoms.getFirst();
  }

  private List<Symptom> look() {
    return MasterSymptoms.of(
        new MasterObservation(
            NOON,
            LIMIT,
            expected,
            advertisement(),
            new Cycles(newest, failingSince, runningSince),
            connects.recent(),
            new Laggards(
                newest == null ? new TreeMap<>() : FailingCities.NONE.after(newest).cities(),
                new TreeMap<>(held),
                new TreeMap<>(behind)),
            recent,
            slaves,
            pauses));
  }

  private Advertisement advertisement() {
    return new Advertisement(
        1,
        1,
        new RepositoryId("00ff00ff00ff00ff"),
        new Generation(1, 7),
        Digest.ofText("it"),
        NOON,
        NOON.plusSeconds(100).minus(age),
        Map.of(),
        new DatabaseClock(Duration.ofSeconds(99), Duration.ofSeconds(1)),
        null,
        List.of(),
        null,
        null);
  }

  private static CycleReport failed(CycleOutcome.Stage stage, String failure, String message) {
    return failed(stage, failure, message, new IllegalStateException());
  }

  private static CycleReport failed(
      CycleOutcome.Stage stage, String failure, String message, Exception cause) {
    CycleOutcome outcome = new CycleOutcome.Failed(stage, failure, message, true, cause);
    return new CycleReport(
        NOON,
        outcome,
        null,
        BatchCounts.NONE,
        0,
        0,
        0,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeSet<>(),
        new TreeMap<>(),
        false,
        null,
        null,
        List.of(),
        times());
  }

  private static CycleReport report(
      CycleOutcome outcome,
      @Nullable Duration lag,
      @Nullable String whyNot,
      Map<City, String> failed) {
    PollReport poll =
        new PollReport(
            "replica-1:3306",
            NOON,
            NOON,
            lag,
            Duration.ZERO,
            1,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            2_000,
            CheckCounts.NONE);
    return new CycleReport(
        NOON,
        outcome,
        poll,
        BatchCounts.NONE,
        0,
        0,
        0,
        new TreeMap<>(failed),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeSet<>(),
        new TreeMap<>(),
        false,
        NOON,
        whyNot,
        List.of(),
        times());
  }

  private static CycleReport.StageTimes times() {
    Duration[] zero = new Duration[5];
    Arrays.fill(zero, Duration.ZERO);
    return new CycleReport.StageTimes(zero[0], zero[1], zero[2], zero[3], zero[4]);
  }
}
