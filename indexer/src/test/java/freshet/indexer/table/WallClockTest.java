package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Berlin and New York change by an hour, Lord Howe by half of one, UTC never. */
class WallClockTest {
  private static WallClock clock(String zone) {
    return WallClock.of(ZoneId.of(zone));
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }

  private static long shown(String wall) {
    return micros(LocalDateTime.parse(wall).toInstant(ZoneOffset.UTC));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,       2026-01-15T12:00:00.000001Z, 2026-01-15T13:00:00.000001",
    "Europe/Berlin,       2026-03-29T00:59:59Z,        2026-03-29T01:59:59",
    "Europe/Berlin,       2026-03-29T01:00:00Z,        2026-03-29T03:00:00",
    "America/New_York,    2026-07-01T12:00:00Z,        2026-07-01T08:00:00",
    "Australia/Lord_Howe, 2026-04-04T14:59:59Z,        2026-04-05T01:59:59",
    "Australia/Lord_Howe, 2026-04-04T15:00:00Z,        2026-04-05T01:30:00",
    "UTC,                 2026-03-29T01:00:00Z,        2026-03-29T01:00:00"
  })
  void showsTheTimeOfItsZone(String zone, Instant time, String wall) {
    assertThat(clock(zone).at(micros(time))).isEqualTo(shown(wall));
  }

  @ParameterizedTest
  @CsvSource({
    // Once.
    "Europe/Berlin,       2026-10-25T01:59:59, 2026-10-24T23:59:59Z, 2026-10-24T23:59:59Z",
    "Europe/Berlin,       2026-10-25T03:00:00, 2026-10-25T02:00:00Z, 2026-10-25T02:00:00Z",
    "UTC,                 2026-10-25T02:30:00, 2026-10-25T02:30:00Z, 2026-10-25T02:30:00Z",
    // Twice, in autumn.
    "Europe/Berlin,       2026-10-25T02:00:00, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z",
    "Europe/Berlin,       2026-10-25T02:59:59, 2026-10-25T00:59:59Z, 2026-10-25T01:59:59Z",
    "America/New_York,    2026-11-01T01:30:00, 2026-11-01T05:30:00Z, 2026-11-01T06:30:00Z",
    "Australia/Lord_Howe, 2026-04-05T01:45:00, 2026-04-04T14:45:00Z, 2026-04-04T15:15:00Z",
    // Never, in spring: as if the clock had gone on.
    "Europe/Berlin,       2026-03-29T02:30:00, 2026-03-29T01:30:00Z, 2026-03-29T01:30:00Z"
  })
  void tellsWhenItShowsSomething(String zone, String wall, Instant first, Instant last) {
    assertThat(clock(zone).first(shown(wall))).isEqualTo(micros(first));
    assertThat(clock(zone).last(shown(wall))).isEqualTo(micros(last));
  }

  @ParameterizedTest
  @CsvSource({
    // Before the change, and until it: as ever.
    "Europe/Berlin,       2026-10-25T00:20:00Z, 2026-10-25T00:30:00Z, 2026-10-25T02:20:00",
    "Europe/Berlin,       2026-10-25T00:50:00Z, 2026-10-25T00:59:59Z, 2026-10-25T02:50:00",
    // From it on, down to where the clock was set back to.
    "Europe/Berlin,       2026-10-25T00:50:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00",
    "Europe/Berlin,       2026-10-25T00:20:00Z, 2026-10-25T06:00:00Z, 2026-10-25T02:00:00",
    "Europe/Berlin,       2026-10-24T23:50:00Z, 2026-10-25T06:00:00Z, 2026-10-25T01:50:00",
    "America/New_York,    2026-11-01T05:50:00Z, 2026-11-01T06:01:00Z, 2026-11-01T01:00:00",
    "Australia/Lord_Howe, 2026-04-04T14:50:00Z, 2026-04-04T15:01:00Z, 2026-04-05T01:30:00",
    // Once the change is past: as ever.
    "Europe/Berlin,       2026-10-25T01:00:00Z, 2026-10-25T01:10:00Z, 2026-10-25T02:00:00",
    "Europe/Berlin,       2026-10-25T01:50:00Z, 2026-10-25T02:00:00Z, 2026-10-25T02:50:00",
    // In spring a stretch of ten minutes shows more than an hour.
    "Europe/Berlin,       2026-03-29T00:55:00Z, 2026-03-29T01:05:00Z, 2026-03-29T01:55:00",
    "UTC,                 2026-10-25T00:50:00Z, 2026-10-25T01:00:00Z, 2026-10-25T00:50:00"
  })
  void tellsTheLeastThatItShows(String zone, Instant from, Instant to, String wall) {
    assertThat(clock(zone).leastBetween(micros(from), micros(to))).isEqualTo(shown(wall));
  }
}
