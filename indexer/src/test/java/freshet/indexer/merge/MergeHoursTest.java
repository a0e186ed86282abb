package freshet.indexer.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergeHoursTest {
  @ParameterizedTest(name = "{0} at {1}: open next at {2}")
  @CsvSource({
    "always,                    2026-06-01T12:00:00Z, 2026-06-01T12:00:00Z",
    "01:00-05:00 UTC,           2026-06-01T00:59:59Z, 2026-06-01T01:00:00Z",
    "01:00-05:00 UTC,           2026-06-01T01:00:00Z, 2026-06-01T01:00:00Z",
    "01:00-05:00 UTC,           2026-06-01T04:59:59Z, 2026-06-01T04:59:59Z",
    "01:00-05:00 UTC,           2026-06-01T05:00:00Z, 2026-06-02T01:00:00Z",
    "22:30-05:00 UTC,           2026-06-01T23:00:00Z, 2026-06-01T23:00:00Z",
    "22:30-05:00 UTC,           2026-06-01T03:00:00Z, 2026-06-01T03:00:00Z",
    "22:30-05:00 UTC,           2026-06-01T06:00:00Z, 2026-06-01T22:30:00Z",
    "01:00-05:00 Europe/Berlin, 2026-06-01T00:00:00Z, 2026-06-01T00:00:00Z",
    "01:00-05:00 Europe/Berlin, 2026-01-01T12:00:00Z, 2026-01-02T00:00:00Z",
    // In the night of the change, 02:30 does not exist there.
    "02:30-05:00 Europe/Berlin, 2026-03-29T00:00:00Z, 2026-03-29T01:30:00Z",
    "03:00-03:00 UTC,           2026-06-01T12:00:00Z, 2026-06-01T12:00:00Z",
  })
  void openNext(String hours, Instant at, Instant expected) {
    MergeHours parsed = MergeHours.parse(hours);

    assertThat(parsed.openNext(at)).isEqualTo(expected);
    assertThat(parsed.areOpen(at)).isEqualTo(at.equals(expected));
    assertThat(MergeHours.parse(parsed.toString())).isEqualTo(parsed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "never", "01:00-05:00", "1:00-5:00 UTC", "01:00 - 05:00 UTC"})
  void otherFormsAreRefused(String text) {
    assertThatThrownBy(() -> MergeHours.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "hours are expected with their zone, such as 01:00-05:00 Europe/Berlin, or always");
  }

  @ParameterizedTest
  @ValueSource(strings = {"24:00-05:00 UTC", "01:60-05:00 UTC", "01:00-05:00 Europe/Atlantis"})
  void hoursAndZonesThatDoNotExistAreRefused(String text) {
    assertThatThrownBy(() -> MergeHours.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "hours go from 00:00 to 23:59 in a zone such as UTC or Europe/Berlin: ");
  }
}
