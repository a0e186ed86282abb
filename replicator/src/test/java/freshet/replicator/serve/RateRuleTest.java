package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import freshet.replicator.serve.RateRule.Limit;
import freshet.replicator.serve.RateRule.Reading;
import freshet.replicator.serve.RateRule.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateRuleTest {
  private static final double MB = 1e6;
  private static final State IDLE_20_MS = new State(Duration.ofMillis(20), 8, null);
  private static final long MS = 1_000_000;

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
  void whereNothingWasFeltOutASlowHandshakeHalvesWhatIsSent(
      long took, double sent, double lowered) {
    State next = RateRule.after(IDLE_20_MS, new Reading(Duration.ofMillis(took), sent * MB, 0));

    assertThat(next.limit() == null ? 0 : rate(next)).isEqualTo(lowered);
    assertThat(next.isSlowed()).isEqualTo(lowered > 0);
  }

  @Test
  void aFailureCountsAsSlowWhileSomethingIsSentOnly() {
    assertThat(RateRule.after(State.START, new Reading(null, 10 * MB, 0)).limit()).isNotNull();
    assertThat(RateRule.after(State.START, new Reading(null, 0, 0))).isEqualTo(State.START);
  }

  @Test
  void whatIsIdleIsLearntWhileNothingIsSentAndOnlyThen() {
    // The first one loads classes.
    State state = RateRule.after(State.START, new Reading(Duration.ofMillis(300), 0, 0));
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(20), 0, i));
    }
    assertThat(state.idle()).isEqualTo(Duration.ofMillis(20));
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(500), MB, i));
    }
    assertThat(state.idle()).isEqualTo(Duration.ofMillis(20));
    // The other data centre's replica: slow, but by nobody's fault.
    state = RateRule.atRest(state);
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, new Reading(Duration.ofMillis(100), 0, i));
    }
    assertThat(state.idle()).isBetween(Duration.ofMillis(99), Duration.ofMillis(100));
    assertThat(state.limit()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // bytes under way, limited to MB/s (0: not)
    "1048576, 0",
    "1048577, 4",
    "9000000000, 4",
  })
  void muchBeginsSlowly(long bytes, double limited) {
    State begun = RateRule.begun(IDLE_20_MS, bytes, 0);
    assertThat(begun.limit() == null ? 0 : rate(begun)).isEqualTo(limited);
    // That is how it begins, not that handshakes were slow.
    assertThat(begun.isSlowed()).isFalse();
  }

  @Test
  void whereNobodyMeasuresNothingIsHeldBack() {
    assertThat(RateRule.begun(State.START, Long.MAX_VALUE, 0)).isEqualTo(State.START);
  }

  @Test
  void eachQuickHandshakeDoublesTheRateOfThoseWhoUseIt() {
    State state = RateRule.begun(IDLE_20_MS, Long.MAX_VALUE, 0);
    state = RateRule.after(state, new Reading(Duration.ofMillis(20), 4 * MB, 25 * MS));
    assertThat(rate(state)).isEqualTo(8);
    // It began while less was sent.
    state = RateRule.after(state, new Reading(Duration.ofMillis(20), 8 * MB, 40 * MS));
    assertThat(rate(state)).isEqualTo(8);
    // Slaves take no more.
    state = RateRule.after(state, new Reading(Duration.ofMillis(20), 3 * MB, 60 * MS));
    assertThat(rate(state)).isEqualTo(8);
    state = RateRule.after(state, new Reading(Duration.ofMillis(20), 7 * MB, 90 * MS));
    assertThat(rate(state)).isEqualTo(16);
  }

  @Test
  void aHandshakeThatIsLateTakesTheRateBackBeforeItEnds() {
    State state = new State(Duration.ofMillis(20), 8, new Limit(16 * MB, 8 * MB, 0, 0, 0, 0));
    Reading early = new Reading(Duration.ofMillis(30), 16 * MB, 30 * MS);
    Reading late = new Reading(Duration.ofMillis(31), 16 * MB, 31 * MS);
    assertThat(RateRule.meanwhile(state, early)).isEqualTo(state);

    State lowered = RateRule.meanwhile(state, late);
    assertThat(rate(lowered)).isEqualTo(4);
    assertThat(lowered.isSlowed()).isTrue();
    // It ends, and says nothing new: what is on the way has to leave first.
    State ended = RateRule.after(lowered, new Reading(Duration.ofMillis(200), 4 * MB, 200 * MS));
    assertThat(rate(ended)).isEqualTo(4);
    // One may be slow by chance: the same is tried once more.
    State again = RateRule.after(ended, new Reading(Duration.ofMillis(20), 4 * MB, 230 * MS));
    assertThat(rate(again)).isEqualTo(8);
    again = RateRule.after(again, new Reading(Duration.ofMillis(20), 8 * MB, 260 * MS));
    assertThat(rate(again)).isEqualTo(16);
    // From now on it is known.
    again = RateRule.meanwhile(again, new Reading(Duration.ofMillis(31), 16 * MB, 300 * MS));
    again = RateRule.after(again, new Reading(Duration.ofMillis(20), 4 * MB, 400 * MS));
    assertThat(rate(again)).isCloseTo(6.8, within(0.001));
  }

  @Test
  void atAProvenRateOneSlowHandshakeIsChance() {
    State state = new State(Duration.ofMillis(20), 8, new Limit(8 * MB, 8 * MB, 2, 0, 0, 0));
    State once = RateRule.after(state, new Reading(Duration.ofMillis(90), 8 * MB, 100 * MS));
    assertThat(rate(once)).isEqualTo(8);
    assertThat(RateRule.untilWanted(once, true, 100 * MS, 100 * MS)).hasMillis(5);

    State quick = RateRule.after(once, new Reading(Duration.ofMillis(20), 8 * MB, 200 * MS));
    assertThat(quick.limit().slow()).isZero();
    State twice = RateRule.after(once, new Reading(Duration.ofMillis(90), 8 * MB, 200 * MS));
    assertThat(rate(twice)).isEqualTo(2.8);
    State settled = RateRule.after(twice, new Reading(Duration.ofMillis(20), 2.8 * MB, 400 * MS));
    assertThat(rate(settled)).isCloseTo(0.85 * 0.7 * 8, within(0.001));
  }

  @Test
  void moreIsTriedSeldomAndInSmallSteps() {
    State state = new State(Duration.ofMillis(20), 8, new Limit(8 * MB, 8 * MB, 2, 0, 0, 0));
    assertThat(rate(quick(state, 9_900, 8))).isEqualTo(8);
    State trial = quick(state, 10_000, 8);
    assertThat(rate(trial)).isEqualTo(10);
    assertThat(rate(quick(trial, 10_400, 10))).isEqualTo(10);
    assertThat(rate(quick(trial, 10_500, 10))).isEqualTo(12.5);

    // Refused: the next one is later.
    State refused = RateRule.after(trial, new Reading(Duration.ofMillis(90), 10 * MB, 10_100 * MS));
    State back = quick(refused, 10_200, 4);
    assertThat(rate(back)).isEqualTo(6.8);
    assertThat(rate(quick(back, 30_100, 6.8))).isEqualTo(6.8);
    assertThat(rate(quick(back, 30_200, 6.8))).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({
    // isSending, readings, ms
    "true, 8, 1000",
    "false, 8, 30000",
    "false, 1, 1000",
  })
  void howOftenHandshakesAreMeasured(boolean isSending, int readings, long millis) {
    State state = new State(Duration.ofMillis(20), readings, null);
    assertThat(RateRule.untilWanted(state, isSending, 0, 0)).hasMillis(millis);
    assertThat(RateRule.untilWanted(state, isSending, 0, millis * MS)).isZero();
  }

  @Test
  void whatWasNotMeasuredForAMinuteIsNotSlowAnyMore() {
    State state = new State(Duration.ofMillis(20), 8, new Limit(MB, 2 * MB, 2, 0, 0, 0));
    assertThat(RateRule.unheard(state, Duration.ofSeconds(59).toNanos())).isEqualTo(state);
    assertThat(RateRule.unheard(state, Duration.ofSeconds(61).toNanos())).isEqualTo(IDLE_20_MS);
  }

  /** Greetings at p99 at most double what they take on the idle way, which needs 16 ms. */
  @ParameterizedTest
  @CsvSource({"5, 50", "10, 6", "10, 20", "10, 50", "40, 50", "115, 75"})
  void handshakesHardlyNoticeClonesOverAnyWayAndMostOfItIsUsed(double megabytes, long idleMillis) {
    SimulatedWay way = new SimulatedWay(megabytes * MB, 4_000_000, Duration.ofMillis(idleMillis));
    way.run(Duration.ofSeconds(100));

    assertThat(way.waited(0.99)).isLessThanOrEqualTo(Duration.ofMillis(16));
    assertThat(way.used()).isGreaterThan(0.75);
  }

  @Test
  void whereNothingClogsAFirstSyncIsHardlySlower() {
    SimulatedWay way = new SimulatedWay(1e12, 1e9, Duration.ofMillis(6));
    way.run(Duration.ofMillis(200));
    assertThat(way.rate()).isGreaterThan(200 * MB);
  }

  private static State quick(State state, long millis, double megabytes) {
    return RateRule.after(state, new Reading(Duration.ofMillis(20), megabytes * MB, millis * MS));
  }

  private static double rate(State state) {
    return state.limit().bytesPerSecond() / MB;
  }
}
