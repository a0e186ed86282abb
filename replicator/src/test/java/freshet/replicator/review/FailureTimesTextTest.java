package freshet.replicator.review;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.flight.Failure;
import freshet.replicator.flight.FailureTimes;
import freshet.replicator.incident.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTimesTextTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void whatFailsByAClockIsSeen() {
    Instant midnight = Instant.parse("2026-03-01T00:00:00Z");
    List<Failure> failures = new ArrayList<>();
    for (int day = 0; day < 10; day++) {
      failures.add(
          Failure.of(
              midnight.plus(Duration.ofDays(day)).plus(Duration.ofMinutes(121 + day % 3)),
              Stage.POLL,
              "connect",
              "HandshakeTimedOut",
              "replica-1:3306",
              ""));
    }

    List<String> lines = FailureTimesText.lines(FailureTimes.of(failures, BERLIN));

    assertThat(lines.subList(0, 10))
        .containsExactly(
            "failures from 2026-03-01T02:01:00Z to 2026-03-10T02:01:00Z",
            "",
            "connect HandshakeTimedOut: 10",
            "  10 of 10 in minutes 1-3 of the hour: look for what cron runs then",
            "  10 of 10 in hours 2 of the day (UTC): look for what runs then",
            "  10 of 10 in hours 3 of the day (Europe/Berlin): look for what runs then",
            "  hour    UTC                                     Europe/Berlin",
            "  00      .                                       .",
            "  01      .                                       .",
            "  02      ############################## 10       .");
    assertThat(lines.get(10))
        .isEqualTo(
            "  03      .                                       ############################## 10");
    assertThat(lines.subList(31, 34))
        .containsExactly(
            "  minute  UTC                                     Europe/Berlin",
            "  00-04   ############################## 10       ############################## 10",
            "  05-09   .                                       .");
    assertThat(lines).hasSize(44);
  }

  @Test
  void nothingIsSaidInOneLine() {
    assertThat(FailureTimesText.lines(FailureTimes.of(List.of(), BERLIN)))
        .containsExactly("no failure is known");
  }
}
