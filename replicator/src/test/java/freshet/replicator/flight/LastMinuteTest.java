package freshet.replicator.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LastMinuteTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final LastMinute minute = new LastMinute();

  @Test
  void aMinuteOfSamplesIsToldAndNoMore() {
    for (int i = 0; i < 200; i++) {
      minute.add(sample(i, Duration.ofSeconds(1), 0));
    }

    assertThat(minute.samples()).hasSize(60);
    assertThat(minute.samples().getFirst().at()).isEqualTo(NOON.plusSeconds(140));
    assertThat(minute.samples().getLast().at()).isEqualTo(NOON.plusSeconds(199));
  }

  @Test
  void aSampleThatCameLateReachesFurther() {
    minute.add(sample(0, Duration.ofSeconds(1), 0));
    minute.add(sample(1, Duration.ofSeconds(1), 0));
    minute.add(sample(75, Duration.ofSeconds(74), 0));

    assertThat(minute.samples()).hasSize(1);
  }

  @Test
  void connectsAreThoseOfTheMinuteBefore() {
    for (int i = 0; i < 500; i++) {
      minute.add(new Connect(NOON.plusSeconds(i), "replica-1:3306", Map.of(), null));
    }

    assertThat(minute.connects(NOON.plusSeconds(499))).hasSize(61);
    assertThat(minute.connects(NOON.plusSeconds(1_000))).isEmpty();
    assertThat(minute.connects(NOON)).as("200 are kept").hasSize(200);
  }

  @Test
  void slavesWerePullingIfAnySampleOfThatTimeSaysSo() {
    assertThat(minute.isServing(Duration.ofSeconds(3))).isFalse();
    minute.add(sample(0, Duration.ofSeconds(1), 5_000));
    for (int i = 1; i <= 3; i++) {
      minute.add(sample(i, Duration.ofSeconds(1), 0));
    }

    assertThat(minute.isServing(Duration.ofSeconds(3))).isFalse();
    assertThat(minute.isServing(Duration.ofMillis(3_001))).isTrue();
  }

  private static Sample sample(int second, Duration over, long served) {
    return new Sample(
        NOON.plusSeconds(second),
        over,
        served,
        0,
        null,
        null,
        null,
        0,
        Duration.ZERO,
        Duration.ZERO,
        null,
        null,
        null);
  }
}
