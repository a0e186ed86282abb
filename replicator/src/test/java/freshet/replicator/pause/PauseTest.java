package freshet.replicator.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PauseTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final City X = new City("x");

  @ParameterizedTest
  @CsvSource({
    "-1, false",
    "0, false",
    "999, false",
    "1000, true",
    "86400000, true",
    "86400001, false"
  })
  void aPauseLastsOneSecondToOneDay(long millis, boolean isPossible) {
    assertThat(Pause.problemWith(Duration.ofMillis(millis)).isEmpty()).isEqualTo(isPossible);
  }

  @Test
  void oneThatEndsTooLateIsRefusedWhereverItComesFrom() {
    assertThatThrownBy(
            () -> new Pause(1, null, "ann@ops-1", NOON, NOON.plus(Duration.ofDays(2)), null))
        .hasMessage(
            "a pause from 2026-03-01T12:00:00Z until 2026-03-03T12:00:00Z: 1s to 24h is expected");
  }

  @Test
  void itSaysByWhomUntilWhenAndWhy() {
    assertThat(pause(null, 600, "new disk").sentence())
        .isEqualTo("paused by ann@ops-1 until 2026-03-01T12:10:00Z: new disk");
    assertThat(pause(null, 600, null).sentence()).endsWith(": no reason was given");
  }

  @Test
  void eachEndsByItself() {
    Pauses pauses =
        new Pauses(pause(null, 60, null), new TreeMap<>(Map.of(X, pause(X, 120, null))));

    assertThat(pauses.at(NOON)).isEqualTo(pauses);
    assertThat(pauses.at(NOON.plusSeconds(60)))
        .isEqualTo(new Pauses(null, new TreeMap<>(Map.of(X, pause(X, 120, null)))));
    assertThat(pauses.at(NOON.plusSeconds(120))).isEqualTo(Pauses.NONE);
    assertThat(pauses.remaining(NOON.plusSeconds(30))).hasSeconds(90);
    assertThat(pauses.remaining(NOON.plusSeconds(500))).isZero();
  }

  private static Pause pause(City city, int seconds, String reason) {
    return Pause.of(city, "ann@ops-1", NOON, Duration.ofSeconds(seconds), reason);
  }
}
