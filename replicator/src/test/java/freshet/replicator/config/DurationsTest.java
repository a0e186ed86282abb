package freshet.replicator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @Property
  void whatIsShownIsReadAgain(@ForAll @LongRange(min = 0, max = 999_999_999) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertThat(Durations.parse(Durations.show(duration))).contains(duration);
  }

  @Property
  void noTextBreaksTheParser(@ForAll String text) {
    Durations.parse(text).ifPresent(duration -> assertThat(duration.isNegative()).isFalse());
  }

  @Test
  void eachUnitIsRead() {
    assertThat(Durations.parse("200ms")).contains(Duration.ofMillis(200));
    assertThat(Durations.parse("3s")).contains(Duration.ofSeconds(3));
    assertThat(Durations.parse("10m")).contains(Duration.ofMinutes(10));
    assertThat(Durations.parse("1h")).contains(Duration.ofHours(1));
    assertThat(Durations.parse("7d")).contains(Duration.ofDays(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "3", "s", "-3s", "3 s", "3S", "1.5s", "3sec", "infinite", "9999999999s"})
  void whatHasNoUnitOrNoWholeNumberIsNone(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
