package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.alert.Alert.Event;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.ClockReading;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertMonitorTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final AlertOptions OPTIONS =
      new AlertOptions(seconds(60), seconds(48), seconds(10), seconds(30), Duration.ofHours(4));

  private final RecordingSink sink = new RecordingSink();
  private final AlertMonitor monitor = new AlertMonitor(OPTIONS, List.of(sink));

  @Test
  void anAgeAboveItsLimitIsToldOnceWithEverythingThatHelps() {
    look(0, 20);
    look(5, 61);
    look(14, 70);
    assertThat(sink.alerts()).isEmpty();
    look(15, 71);
    for (int second = 16; second < 600; second++) {
      look(second, 71 + second);
    }

    assertThat(sink.alerts()).hasSize(1);
    assertThat(sink.alerts().getFirst().text())
        .isEqualTo(
            "slave-1: what is served is 1 min 11 s behind the database, the limit is 1 min 0 s"
                + " (oldest city: akron) since 2026-03-01T12:00:05Z; it waits for news;"
                + " serving 1-0000000007; next: bin/replicator status; see"
                + " docs/troubleshooting.md, \"What if a slave's age is above its limit?\"");
  }

  @Test
  void aShortPeakIsNobodysBusiness() {
    look(0, 61);
    look(9, 61);
    look(9, 20);
    look(11, 61);
    look(20, 61);

    assertThat(sink.alerts()).isEmpty();
    assertThat(monitor.firing()).isEmpty();
  }

  @Test
  void anAgeThatSwingsAroundItsLimitIsOneIncident() {
    for (int second = 0; second < 600; second++) {
      look(second, second % 20 < 10 ? 61 : 50);
    }
    for (int second = 600; second < 1_200; second++) {
      look(second, second % 20 == 0 ? 61 : 20);
    }

    assertThat(sink.alerts()).hasSize(1);
    assertThat(monitor.firing()).containsOnlyKeys(AlertKind.AGE_ABOVE_LIMIT);
  }

  @Test
  void itIsOverOnceItHasBeenWellForAWhile() {
    look(0, 61);
    look(10, 61);
    look(20, 20);
    look(49, 20);
    assertThat(events()).containsExactly(Event.FIRING);
    look(50, 20);
    look(60, 20);

    assertThat(events()).containsExactly(Event.FIRING, Event.RESOLVED);
    assertThat(sink.alerts().getLast().text())
        .isEqualTo("slave-1: over: what is served is fresh again, since 2026-03-01T12:00:00Z");
  }

  @Test
  void aLastingIncidentIsRepeated() {
    look(0, 61);
    look(10, 61);
    look(10 + 4 * 3_600 - 1, 61);
    assertThat(events()).containsExactly(Event.FIRING);
    look(10 + 4 * 3_600, 61);

    assertThat(events()).containsExactly(Event.FIRING, Event.STILL_FIRING);
    assertThat(sink.alerts().getLast().since()).isEqualTo(NOON);
  }

  @Test
  void anUnknownAgeIsAnIncidentAndHidesNoOther() {
    AgeReport unknown = report(new Age.Unknown("city berlin was never complete"), seconds(70));
    for (int second = 0; second < 20; second++) {
      monitor.look(seen(unknown, null, second));
    }

    assertThat(sink.alerts().stream().map(Alert::kind))
        .containsExactly(AlertKind.AGE_ABOVE_LIMIT, AlertKind.AGE_UNKNOWN);
    assertThat(sink.alerts().getLast().what())
        .isEqualTo("the age of what is served is unknown: city berlin was never complete");
  }

  @Test
  void aRefusedPullIsToldWithItsReason() {
    for (int second = 0; second < 20; second++) {
      monitor.look(
          seen(report(new Age.Known(seconds(1)), seconds(1)), "another repository", second));
    }

    assertThat(sink.alerts().getFirst().what())
        .isEqualTo("the master's snapshot is refused: another repository");
  }

  @Test
  void anHourOfQuietRaisesNothing() {
    for (int second = 0; second < 3_600; second++) {
      look(second, second % 3);
    }
    assertThat(sink.alerts()).isEmpty();
  }

  @Test
  void aWallClockThatStepsChangesNothing() {
    monitor.look(
        new Observation(
            "slave-1",
            report(new Age.Known(seconds(61)), seconds(61)),
            "waits",
            null,
            null,
            new ClockReading(NOON, 0)));
    monitor.look(
        new Observation(
            "slave-1",
            report(new Age.Known(seconds(61)), seconds(61)),
            "waits",
            null,
            null,
            new ClockReading(NOON.plus(Duration.ofDays(1)), seconds(9).toNanos())));

    assertThat(sink.alerts()).isEmpty();
  }

  @Test
  void aSinkThatFailsKeepsNobodyElseFromHearing() {
    AlertMonitor with =
        new AlertMonitor(
            OPTIONS,
            List.of(
                alert -> {
                  throw new IllegalStateException("no route");
                },
                sink));
    with.look(seen(report(new Age.Known(seconds(61)), seconds(61)), null, 0));
    with.look(seen(report(new Age.Known(seconds(61)), seconds(61)), null, 10));

    assertThat(sink.alerts()).hasSize(1);
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(
            () -> new AlertOptions(seconds(10), seconds(11), seconds(1), seconds(1), seconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT10S");
    assertThat(AlertOptions.forLimit(seconds(60)).clearBelow()).isEqualTo(seconds(48));
  }

  private List<Event> events() {
    return sink.alerts().stream().map(Alert::event).toList();
  }

  private void look(int second, int age) {
    monitor.look(seen(report(new Age.Known(seconds(age)), seconds(age)), null, second));
  }

  private static Observation seen(AgeReport age, @Nullable String refusal, int second) {
    return new Observation(
        "slave-1",
        age,
        "waits for news",
        "1-0000000007",
        refusal,
        new ClockReading(NOON.plusSeconds(second), seconds(second).toNanos()));
  }

  private static AgeReport report(Age age, Duration oldestKnown) {
    return new AgeReport(
        age, new City("akron"), NOON, 2, 0, oldestKnown, StageAges.NONE, "the clock");
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
