package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import freshet.replicator.serve.RateRule.Reading;
import freshet.replicator.serve.RateRule.Slowed;
import freshet.replicator.serve.RateRule.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateRuleTest {
  private static final double MB = 1e6;
  private static final State IDLE_20_MS = new State(Duration.ofMillis(20), null);

  @ParameterizedTest
  @CsvSource({
    // took, sent MB/s, lowered to MB/s (0: not)
    "20, 10, 0",
    "30, 10, 0",
    "31, 10, 5",
    "500, 10, 5",
    "500, 3, 1.5",
    // Slaves get on whatever handshakes do.
    "500, 1.5, 1",
    "500, 0.1, 1",
    // Nothing of ours is under way.
    "500, 0.01, 0",
  })
  void aSlowHandshakeHalvesWhatIsSent(long took, double sent, double lowered) {
    State next = RateRule.after(IDLE_20_MS, new Reading(Duration.ofMillis(took), sent * MB, 0));

    assertThat(next.slowed() == null ? 0 : next.slowed().bytesPerSecond() / MB).isEqualTo(lowered);
  }

  @Test
  void aFailureCountsAsSlowWhileSomethingIsSentOnly() {
    assertThat(RateRule.after(State.START, new Reading(null, 10 * MB, 0)).slowed()).isNotNull();
    assertThat(RateRule.after(State.START, new Reading(null, 0, 0))).isEqualTo(State.START);
  }

  @Test
  void whatIsIdleIsLearntWhileNothingIsSentAndOnlyThen() {
    State state = State.START;
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(20), 0, i));
    }
    assertThat(state.idle()).isEqualTo(Duration.ofMillis(20));
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(500), MB, i));
    }
    assertThat(state.idle()).isEqualTo(Duration.ofMillis(20));
    // The other data centre's replica: slow, but by nobody's fault.
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(100), 0, i));
    }
    assertThat(state.idle()).isBetween(Duration.ofMillis(99), Duration.ofMillis(100));
    assertThat(state.slowed()).isNull();
  }

  @Test
  void goodHandshakesRaiseTheRateToFourFifthsOfTheOneThatHurt() {
    State state = RateRule.after(IDLE_20_MS, new Reading(Duration.ofMillis(90), 10 * MB, 0));
    for (int i = 1; i <= 20; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(20), 5 * MB, i * 50_000_000L));
    }
    // However often it is measured, a second raises it by a tenth.
    assertThat(state.slowed().bytesPerSecond()).isCloseTo(6 * MB, within(1.0));
    for (int i = 2; i <= 30; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(20), 5 * MB, i * 1_000_000_000L));
    }
    assertThat(state.slowed().bytesPerSecond()).isEqualTo(8 * MB);
  }

  @Test
  void aSlowHandshakeWhileTheWayIsClearingDoesNotLowerTheRateAgain() {
    State state = RateRule.after(IDLE_20_MS, new Reading(Duration.ofMillis(90), 10 * MB, 0));
    Reading early = new Reading(Duration.ofMillis(90), 9 * MB, Duration.ofMillis(900).toNanos());
    assertThat(RateRule.after(state, early).slowed().bytesPerSecond()).isEqualTo(5 * MB);

    Reading late = new Reading(Duration.ofMillis(90), 5 * MB, Duration.ofMillis(1100).toNanos());
    Slowed lowered = RateRule.after(state, late).slowed();
    assertThat(lowered.bytesPerSecond()).isEqualTo(2.5 * MB);
    // What the way can carry is not forgotten for one of them.
    assertThat(lowered.hurtful()).isEqualTo(9 * MB);
  }

  @Test
  void aSlowHandshakeWhileSlavesOnlyBeginDoesNotHoldThemBackForMinutes() {
    State state = RateRule.after(IDLE_20_MS, new Reading(Duration.ofMillis(80), 0.07 * MB, 0));
    assertThat(state.slowed().bytesPerSecond()).isEqualTo(MB);
    for (int i = 1; i <= 10; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(20), MB, i * 1_000_000_000L));
    }
    assertThat(state.slowed().bytesPerSecond()).isCloseTo(3.2 * MB, within(1.0));
  }

  @Test
  void onceAMinuteMoreIsTried() {
    Slowed slowed = new Slowed(8 * MB, 10 * MB, 0, 0);
    State state = new State(Duration.ofMillis(20), slowed);
    Reading early = new Reading(Duration.ofMillis(20), 8 * MB, Duration.ofSeconds(59).toNanos());
    Reading late = new Reading(Duration.ofMillis(20), 8 * MB, Duration.ofSeconds(61).toNanos());

    assertThat(RateRule.after(state, early).slowed()).isEqualTo(slowed);
    assertThat(RateRule.after(state, late).slowed().bytesPerSecond()).isEqualTo(9 * MB);
    assertThat(RateRule.after(state, late).slowed().hurtful()).isEqualTo(11 * MB);
  }

  @Test
  void whatWasNotMeasuredForAMinuteIsNotSlowAnyMore() {
    State state = new State(Duration.ofMillis(20), new Slowed(MB, 2 * MB, 0, 0));
    assertThat(RateRule.unheard(state, Duration.ofSeconds(59).toNanos())).isEqualTo(state);
    assertThat(RateRule.unheard(state, Duration.ofSeconds(61).toNanos())).isEqualTo(IDLE_20_MS);
  }

  @Test
  void afterTheLastTransferNothingIsHeldBack() {
    State state = new State(Duration.ofMillis(20), new Slowed(MB, 2 * MB, 0, 0));
    assertThat(RateRule.atRest(state)).isEqualTo(IDLE_20_MS);
  }
}
