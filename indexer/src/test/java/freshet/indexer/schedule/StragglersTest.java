package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StragglersTest {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final Set<City> NONE = Set.of();
  private static final Set<City> BEHIND = Set.of(X);

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Stragglers stragglers = new Stragglers(new CityBackoff(new Random(1)));

  @Test
  void aPollThatReadsUpToTheEndServesAll() {
    for (int i = 0; i < 3; i++) {
      assertThat(stragglers.leftOut(BEHIND, NONE, NOW)).isEmpty();
      assertThat(stragglers.polled(BEHIND, true, BEHIND, NOW)).isFalse();
    }
  }

  @Test
  void oneThatDoesNotGivesTheOthersTheNextTurn() {
    for (int i = 0; i < 3; i++) {
      assertThat(stragglers.leftOut(BEHIND, NONE, NOW)).isEmpty();
      assertThat(stragglers.polled(BEHIND, false, NONE, NOW)).isTrue();
      assertThat(stragglers.leftOut(BEHIND, NONE, NOW)).containsExactly(X);
      assertThat(stragglers.polled(NONE, true, NONE, NOW)).as("x reads on at once").isTrue();
    }
  }

  @Test
  void aCityThatCannotGetOnIsTriedAgainWithTheNextCycleOnly() {
    assertThat(stragglers.polled(BEHIND, false, BEHIND, NOW)).isTrue();
    assertThat(stragglers.leftOut(BEHIND, NONE, NOW)).containsExactly(X);
    assertThat(stragglers.polled(NONE, true, NONE, NOW)).isFalse();
    assertThat(stragglers.leftOut(BEHIND, NONE, NOW)).isEmpty();
  }

  @Test
  void aCityThatFailsAgainIsLeftOutUntilItsTimeComesAndKeepsNoOtherThatIsFarBehind() {
    Set<City> both = Set.of(X, Y);
    for (int i = 0; i < 2; i++) {
      assertThat(stragglers.leftOut(both, NONE, NOW)).isEmpty();
      stragglers.polled(both, false, BEHIND, NOW);
      stragglers.polled(NONE, true, NONE, NOW);
    }
    Instant next = stragglers.nextTries(NOW).get(X);
    assertThat(next).isAfter(NOW);
    assertThat(stragglers.leftOut(both, NONE, NOW)).containsExactly(X);
    assertThat(stragglers.polled(Set.of(Y), false, NONE, NOW)).isTrue();
    assertThat(stragglers.polled(NONE, true, NONE, NOW)).as("y reads on at once").isTrue();
    assertThat(stragglers.leftOut(both, NONE, next)).isEmpty();
    assertThat(stragglers.nextTries(next)).isEmpty();
  }

  @Test
  void aCityThatGotOnDoesNotWaitWhenItFailsOnceMore() {
    for (int i = 0; i < 5; i++) {
      stragglers.polled(BEHIND, false, BEHIND, NOW);
      stragglers.polled(NONE, true, NONE, NOW);
    }
    stragglers.polled(BEHIND, false, NONE, NOW);
    stragglers.polled(NONE, true, NONE, NOW);
    stragglers.polled(BEHIND, false, BEHIND, NOW);
    stragglers.polled(NONE, true, NONE, NOW);
    assertThat(stragglers.leftOut(BEHIND, NONE, NOW)).isEmpty();
  }

  @Test
  void aCityThatIsOverdueCouldApplyNothing() {
    assertThat(stragglers.leftOut(Set.of(X, Y), Set.of(X), NOW)).containsExactly(X);
  }

  @Test
  void moreThanABatchForAllFollowsAtOnce() {
    assertThat(stragglers.polled(NONE, false, NONE, NOW)).isTrue();
    assertThat(stragglers.leftOut(BEHIND, NONE, NOW)).isEmpty();
  }
}
