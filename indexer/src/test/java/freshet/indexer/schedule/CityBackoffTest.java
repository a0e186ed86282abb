package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CityBackoffTest {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final CityBackoff backoff = new CityBackoff(new Random(1));

  private void fail(City city, int times) {
    for (int i = 0; i < times; i++) {
      backoff.failed(city, NOW);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "3, 4", "4, 8", "5, 16", "6, 32", "7, 60", "8, 60", "100, 60"})
  void waitsUpToTwiceAsLongEachTimeUpToAMinute(int failures, int seconds) {
    CityBackoff longest = new CityBackoff(() -> -1);
    for (int i = 0; i < failures; i++) {
      longest.failed(X, NOW);
    }
    Instant bound = NOW.plusSeconds(seconds);
    assertThat(longest.nextTries(NOW)).containsOnlyKeys(X);
    assertThat(longest.nextTries(NOW).get(X)).isBetween(bound.minusMillis(1), bound);
    assertThat(longest.waiting(NOW)).containsExactly(X);
    assertThat(longest.waiting(bound)).isEmpty();
  }

  @Test
  void aWaitIsDrawnFromNothingUpToItsBound() {
    CityBackoff shortest = new CityBackoff(() -> 0);
    for (int i = 0; i < 9; i++) {
      shortest.failed(X, NOW);
    }
    assertThat(shortest.waiting(NOW)).isEmpty();
  }

  @Test
  void theFirstFailureIsTriedAgainAtOnce() {
    fail(X, 1);
    assertThat(backoff.waiting(NOW)).isEmpty();
  }

  @Test
  void citiesThatFailTogetherDoNotComeBackInStep() {
    fail(X, 7);
    fail(Y, 7);
    assertThat(backoff.nextTries(NOW).get(X)).isNotEqualTo(backoff.nextTries(NOW).get(Y));
  }

  @Test
  void whoGotOnOrIsBehindNoMoreBeginsAnew() {
    fail(X, 7);
    fail(Y, 7);
    backoff.gotOn(X);
    backoff.keep(Set.of(X));
    assertThat(backoff.waiting(NOW)).isEmpty();
    fail(X, 1);
    fail(Y, 1);
    assertThat(backoff.waiting(NOW)).isEmpty();
  }

  @Test
  void aClockThatWasSetBackMakesNobodyWaitForLonger() {
    fail(X, 7);
    assertThat(backoff.waiting(NOW.minus(Duration.ofHours(1)))).isEmpty();
  }
}
