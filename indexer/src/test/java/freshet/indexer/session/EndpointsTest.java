package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.EndpointChoice.Standing;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered of servers, on a manual clock. */
class EndpointsTest {
  private static final Endpoint FIRST = new Endpoint("first", 3306);
  private static final Endpoint SECOND = new Endpoint("second", 3306);
  private static final SourceException LOST = new SourceException.LostDuringQuery("lost", null);

  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private final Endpoints endpoints =
      new Endpoints(List.of(FIRST, SECOND), Duration.ofSeconds(60), Sessions.STANDBY_AGE, time);

  private Endpoint next() {
    return endpoints.inOrder(new ConnectBudget()).getFirst().endpoint();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      endpoints.failed(FIRST, time.nanoTime(), LOST);
    }
  }

  private void answer(Lag lag) {
    ServerState state =
        new ServerState(
            "s",
            0,
            new DatabaseClock(Duration.ZERO, Duration.ZERO),
            "",
            true,
            true,
            Silence.NOT_KNOWN);
    endpoints.answered(FIRST, time.nanoTime(), state, lag);
  }

  @Test
  void threeFailuresInARowMakeItTheLastForAWhile() {
    fail(2);
    assertThat(next()).isEqualTo(FIRST);
    fail(1);
    assertThat(next()).isEqualTo(SECOND);
    assertThat(endpoints.standing(FIRST)).isEqualTo(Standing.FAILING);
    time.advance(Duration.ofSeconds(14));
    assertThat(next()).isEqualTo(SECOND);
    time.advance(Duration.ofMillis(1_001));
    assertThat(next()).isEqualTo(FIRST);
  }

  @Test
  void oneFailureOfTheFirstTryAfterwardsIsEnough() {
    fail(3);
    time.advance(Duration.ofMillis(15_001));
    assertThat(next()).isEqualTo(FIRST);
    // To look at the order takes nothing away from the one try that is allowed.
    assertThat(next()).isEqualTo(FIRST);
    fail(1);
    assertThat(next()).isEqualTo(SECOND);
    // And it waits longer for the next one.
    time.advance(Duration.ofSeconds(29));
    assertThat(next()).isEqualTo(SECOND);
    time.advance(Duration.ofMillis(1_001));
    assertThat(next()).isEqualTo(FIRST);
  }

  @Test
  void anAnswerClosesTheBreaker() {
    fail(3);
    time.advance(Duration.ofMillis(15_001));
    assertThat(next()).isEqualTo(FIRST);
    answer(new Lag.Known(Duration.ZERO));
    fail(2);
    assertThat(next()).isEqualTo(FIRST);
  }

  @Test
  void aLagIsForgottenSoThatTheServerGetsAnotherChance() {
    answer(new Lag.Known(Duration.ofSeconds(61)));
    assertThat(next()).isEqualTo(SECOND);
    time.advance(Sessions.STANDBY_AGE);
    assertThat(next()).isEqualTo(FIRST);
  }

  @Test
  void twoConnectsOfAPollAreAllThatAServerGets() {
    ConnectBudget budget = new ConnectBudget();
    budget.spend(FIRST);
    assertThat(endpoints.inOrder(budget)).hasSize(2);
    budget.spend(FIRST);
    assertThat(endpoints.inOrder(budget))
        .extracting(EndpointChoice.Candidate::endpoint)
        .containsExactly(SECOND);
    budget.refund(FIRST);
    assertThat(endpoints.inOrder(budget)).hasSize(2);
    budget.end();
    assertThat(endpoints.inOrder(budget)).isEmpty();
  }
}
