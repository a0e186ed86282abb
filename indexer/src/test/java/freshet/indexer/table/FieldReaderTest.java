package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a date that a clock on the wall showed. */
class FieldReaderTest {
  private static Object read(String zone, boolean isList, String text) throws Exception {
    FieldSpec spec = new FieldSpec("posted", FieldType.DATE, null, isList, true, false);
    FieldColumns from =
        new FieldColumns(
            "posted", List.of("posted"), ListFormat.COMMAS, zone == null ? null : ZoneId.of(zone));
    return FieldReader.of(spec, from).read(new Columns.OfTexts(Arrays.asList(text), Set.of()), 0);
  }

  private static long shown(LocalDateTime wall) {
    return wall.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + wall.getNano() / 1_000;
  }

  @ParameterizedTest
  @CsvSource({
    ",                    2026-10-25T02:30:00,        2026-10-25T02:30:00Z",
    "UTC,                 2026-10-25T02:30:00,        2026-10-25T02:30:00Z",
    "+05:30,              2026-10-25T02:30:00,        2026-10-24T21:00:00Z",
    "Europe/Berlin,       2026-01-15T12:00:00.000001, 2026-01-15T11:00:00.000001Z",
    "Europe/Berlin,       2026-07-15T12:00:00,        2026-07-15T10:00:00Z",
    "Europe/Berlin,       1969-07-20T21:17:40,        1969-07-20T20:17:40Z",
    // Never shown, in spring: as if the clock had not been set forward.
    "Europe/Berlin,       2026-03-29T01:59:59,        2026-03-29T00:59:59Z",
    "Europe/Berlin,       2026-03-29T02:30:00,        2026-03-29T01:30:00Z",
    "Europe/Berlin,       2026-03-29T03:00:00,        2026-03-29T01:00:00Z",
    "Australia/Lord_Howe, 2026-10-04T02:15:00,        2026-10-03T15:45:00Z",
    // Shown twice, in autumn: the first.
    "Europe/Berlin,       2026-10-25T02:30:00,        2026-10-25T00:30:00Z",
    "Europe/Berlin,       2026-10-25T03:00:00,        2026-10-25T02:00:00Z",
    "America/New_York,    2026-11-01T01:30:00,        2026-11-01T05:30:00Z",
    // A whole day that was left out.
    "Pacific/Apia,        2011-12-30T12:00:00,        2011-12-30T22:00:00Z"
  })
  void isThePointInTimeAtWhichTheClockFirstShowedIt(
      String zone, LocalDateTime wall, Instant expected) throws Exception {
    assertThat(read(zone, false, Long.toString(shown(wall)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    ",                  2026-07-15T00:00:00Z",
    "Europe/Berlin,     2026-07-14T22:00:00Z",
    "America/Sao_Paulo, 2026-07-15T03:00:00Z"
  })
  void daysOfAListAreTheirMidnights(String zone, Instant midnight) throws Exception {
    assertThat(read(zone, true, "2026-07-15, 2026-07-15T12:00:00+02:00"))
        .isEqualTo(List.of(midnight, Instant.parse("2026-07-15T10:00:00Z")));
  }

  /** The rule of java.time, for any time that fits into a DATETIME. */
  @Property
  void isWhatJavaMakesOfIt(
      @ForAll @LongRange(min = -30_610_224_000L, max = 253_402_300_799L) long seconds)
      throws Exception {
    LocalDateTime wall = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
      assertThat(read(zone, false, Long.toString(shown(wall))))
          .isEqualTo(wall.atZone(ZoneId.of(zone)).toInstant());
    }
  }
}
