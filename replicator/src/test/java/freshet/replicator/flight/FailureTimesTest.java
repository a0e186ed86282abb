package freshet.replicator.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import freshet.replicator.flight.FailureTimes.Group;
import freshet.replicator.incident.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTimesTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId KOLKATA = ZoneId.of("Asia/Kolkata");

  private final List<Failure> failures = new ArrayList<>();

  @Test
  void hoursAndMinutesAreCountedByBothClocks() {
    fail(Duration.ofHours(3).plusMinutes(5), 2);
    fail(Duration.ofHours(23).plusMinutes(59), 1);

    FailureTimes times = FailureTimes.of(failures, KOLKATA);

    assertThat(times.zone()).isEqualTo("Asia/Kolkata");
    assertThat(times.first()).isEqualTo(MIDNIGHT.plus(Duration.ofMinutes(185)));
    Group group = times.groups().getFirst();
    assertThat(times.groups()).hasSize(1);
    assertThat(group.name()).isEqualTo("connect HandshakeTimedOut");
    assertThat(group.failures()).isEqualTo(3);
    assertThat(group.hoursUtc().get(3)).isEqualTo(2);
    assertThat(group.hoursUtc().get(23)).isEqualTo(1);
    assertThat(group.hoursLocal().get(8)).isEqualTo(2);
    assertThat(group.hoursLocal().get(5)).isEqualTo(1);
    assertThat(group.minutesUtc().get(5)).isEqualTo(2);
    assertThat(group.minutesLocal().get(35)).isEqualTo(2);
    assertThat(group.minutesLocal().get(29)).isEqualTo(1);
    assertThat(group.patterns()).isEmpty();
  }

  @Test
  void severalClassesHaveAGroupEachAndOneForAll() {
    fail(Duration.ZERO, 1);
    failures.add(Failure.of(MIDNIGHT, Stage.PUBLISH, "publish", "DiskFailed", "", "full"));
    failures.add(Failure.of(MIDNIGHT, Stage.PUBLISH, "publish", "DiskFailed", "", "full"));
    failures.add(Failure.ofIncident(MIDNIGHT, Stage.PUBLISH, "DiskFailed", "publish-fails", "it"));

    assertThat(FailureTimes.of(failures, BERLIN).groups())
        .extracting(Group::name, Group::failures)
        .containsExactly(
            tuple("all failures", 3),
            tuple("publish DiskFailed", 2),
            tuple("connect HandshakeTimedOut", 1));
    assertThat(FailureTimes.of(List.of(), BERLIN).groups()).isEmpty();
  }

  @Test
  void whatAnHourlyJobDoesStandsOut() {
    for (int hour = 0; hour < 14; hour++) {
      fail(Duration.ofHours(hour).plusMinutes(hour % 5), 1);
    }
    for (int i = 0; i < 6; i++) {
      fail(Duration.ofHours(2L * i).plusMinutes(13 + 7 * i), 1);
    }

    assertThat(patterns())
        .containsExactly("14 of 20 in minutes 0-4 of the hour: look for what cron runs then");
  }

  @ParameterizedTest
  @CsvSource({
    "60, 58, '58-1'",
    "60, 17, '17'",
    "30, 3, '3, 33'",
    "20, 0, '0, 20, 40'",
    "15, 14, '14, 29, 44, 59'",
    "10, 5, '5, 15, 25, 35, 45, 55'"
  })
  void whatComesSeveralTimesAnHourIsNamedByItsMinutes(int every, int minute, String expected) {
    int width = expected.contains("-") ? 4 : 1;
    for (int i = 0; i < 24; i++) {
      fail(Duration.ofMinutes((long) every * i + minute + i % width), 1);
    }

    assertThat(patterns())
        .contains(
            "24 of 24 in minutes %s of the hour: look for what cron runs then".formatted(expected));
  }

  @Test
  void whatComesAtOneHourOfTheDayIsNamedByBothClocks() {
    for (int day = 0; day < 7; day++) {
      fail(Duration.ofDays(day).plusHours(2).plusMinutes(23L * day % 60), 1);
    }

    assertThat(patterns())
        .containsExactly(
            "7 of 7 in hours 2 of the day (UTC): look for what runs then",
            "7 of 7 in hours 3 of the day (Europe/Berlin): look for what runs then");
  }

  @Test
  void oneLongOutageIsNoHabit() {
    for (int minute = 0; minute < 300; minute++) {
      fail(Duration.ofMinutes(minute), 3);
    }
    assertThat(patterns()).isEmpty();
  }

  @Test
  void oneShortOutageIsNoHabitEither() {
    fail(Duration.ofMinutes(7), 50);
    fail(Duration.ofMinutes(8), 60);
    fail(Duration.ofHours(5).plusMinutes(8), 1);
    assertThat(patterns()).isEmpty();
  }

  @Test
  void aFewFailuresSayNothing() {
    for (int hour = 0; hour < 5; hour++) {
      fail(Duration.ofHours(hour), 1);
    }
    assertThat(patterns()).isEmpty();
  }

  @Test
  void failuresAtRandomRarelyStandOut() {
    int found = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      failures.clear();
      Random random = new Random(seed);
      for (int i = 0; i < 20; i++) {
        fail(Duration.ofMinutes(random.nextInt(60 * 24 * 7)), 1);
      }
      found += patterns().isEmpty() ? 0 : 1;
    }
    assertThat(found).isLessThan(5);
  }

  private List<String> patterns() {
    return FailureTimes.of(failures, BERLIN).groups().getFirst().patterns();
  }

  private void fail(Duration after, int times) {
    failures.add(
        Failure.of(
                MIDNIGHT.plus(after),
                Stage.POLL,
                "connect",
                "HandshakeTimedOut",
                "replica-1:3306",
                "greeting not received")
            .times(times));
  }
}
