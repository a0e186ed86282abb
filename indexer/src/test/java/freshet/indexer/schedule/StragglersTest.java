package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StragglersTest {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final Set<City> NONE = Set.of();
  private static final Set<City> BEHIND = Set.of(X);

  private final Stragglers stragglers = new Stragglers();

  @Test
  void aPollThatReadsUpToTheEndServesAll() {
    for (int i = 0; i < 3; i++) {
      assertThat(stragglers.leftOut(BEHIND, NONE)).isEmpty();
      assertThat(stragglers.polled(BEHIND, true, BEHIND)).isFalse();
    }
  }

  @Test
  void oneThatDoesNotGivesTheOthersTheNextTurn() {
    for (int i = 0; i < 3; i++) {
      assertThat(stragglers.leftOut(BEHIND, NONE)).isEmpty();
      assertThat(stragglers.polled(BEHIND, false, NONE)).isTrue();
      assertThat(stragglers.leftOut(BEHIND, NONE)).containsExactly(X);
      assertThat(stragglers.polled(NONE, true, NONE)).as("x reads on at once").isTrue();
    }
  }

  @Test
  void aCityThatCannotGetOnIsTriedAgainWithTheNextCycleOnly() {
    assertThat(stragglers.polled(BEHIND, false, BEHIND)).isTrue();
    assertThat(stragglers.leftOut(BEHIND, NONE)).containsExactly(X);
    assertThat(stragglers.polled(NONE, true, NONE)).isFalse();
    assertThat(stragglers.leftOut(BEHIND, NONE)).isEmpty();
  }

  @Test
  void aCityThatIsOverdueCouldApplyNothing() {
    assertThat(stragglers.leftOut(Set.of(X, Y), Set.of(X))).containsExactly(X);
  }

  @Test
  void moreThanABatchForAllFollowsAtOnce() {
    assertThat(stragglers.polled(NONE, false, NONE)).isTrue();
    assertThat(stragglers.leftOut(BEHIND, NONE)).isEmpty();
  }
}
