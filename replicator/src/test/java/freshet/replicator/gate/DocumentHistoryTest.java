package freshet.replicator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentHistoryTest {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final DocumentHistory history = new DocumentHistory();

  @Test
  void theMostOfADayCountsAndNothingOlder() {
    history.record(X, 100, NOON);
    history.record(X, 90, after(1));
    history.record(X, 80, after(2));
    assertThat(history.most(X, after(3))).hasValue(100);
    assertThat(history.most(X, after(24))).hasValue(100);
    assertThat(history.most(X, after(26))).as("90 had ended with the third hour").hasValue(90);
    assertThat(history.most(X, after(40))).hasValue(80);
    assertThat(history.most(Y, NOON)).isEmpty();
  }

  @Test
  void whatWasInForceUntilNowCountsForADayThoughItIsOlder() {
    history.record(X, 100, NOON);
    history.record(X, 10, after(50));
    assertThat(history.most(X, after(60))).hasValue(100);
    assertThat(history.most(X, after(76))).hasValue(10);
  }

  @Test
  void whatMovesAwayIsMissedAtNoHour() {
    history.record(X, 100, NOON);
    history.record(X, 90, after(1));
    history.lower(X, 30);
    assertThat(history.most(X, after(2))).hasValue(70);
    history.lower(X, 1000);
    assertThat(history.most(X, after(2))).hasValue(0);
  }

  @Test
  void whatOthersGainIsCountedOnce() {
    history.record(X, 100, NOON);
    history.record(Y, 10, NOON);
    assertThat(history.gained(Map.of(X, 40L, Y, 70L, new City("new"), 5L))).isEqualTo(65);
  }

  private static Instant after(int hours) {
    return NOON.plus(Duration.ofHours(hours));
  }
}
