package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import freshet.replicator.serve.RateRule.Limit;
import freshet.replicator.serve.RateRule.Reading;
import freshet.replicator.serve.RateRule.State;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateRuleTest {
  private static final double MB = 1e6;
  private static final State IDLE_20_MS = idle20Ms(8, null);
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
    State next = RateRule.after(IDLE_20_MS, reading(took, sent, 0));

    assertThat(next.limit() == null ? 0 : rate(next)).isEqualTo(lowered);
    assertThat(next.isSlowed()).isEqualTo(lowered > 0);
  }

  @Test
  void aFailureCountsAsSlowWhileSomethingIsSentOnly() {
    assertThat(RateRule.after(State.START, new Reading(null, 10 * MB, 0, 0)).limit()).isNotNull();
    assertThat(RateRule.after(State.START, new Reading(null, 0 * MB, 0, 0))).isEqualTo(State.START);
  }

  @Test
  void whatIsIdleIsLearntWhileNothingIsSentAndOnlyThen() {
    // The first one loads classes.
    State state = RateRule.after(State.START, reading(300, 0, 0));
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, reading(20, 0, 0));
    }
    assertThat(state.idleTotal()).isEqualTo(Duration.ofMillis(20));
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, reading(500, 1, 0));
    }
    assertThat(state.idleTotal()).isEqualTo(Duration.ofMillis(20));
    // The other data centre's replica: slow, but by nobody's fault.
    state = RateRule.atRest(state, 0);
    for (int i = 0; i < 50; i++) {
      state = RateRule.after(state, reading(100, 0, 0));
    }
    assertThat(state.idleTotal()).isBetween(Duration.ofMillis(99), Duration.ofMillis(100));
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
  void whatTheWayCarriedLatelyIsTakenUpByHalf() {
    State sending = idle20Ms(8, new Limit(64 * MB, 32 * MB, 0, 0, 0, 0, 0));
    State rested = RateRule.atRest(sending, 0);
    assertThat(rested.limit()).isNull();
    // Nobody fetches anything still: what is known does not become younger.
    rested = RateRule.atRest(rested, Duration.ofMinutes(5).toNanos());

    State again = RateRule.begun(rested, Long.MAX_VALUE, Duration.ofSeconds(599).toNanos());
    assertThat(rate(again)).isEqualTo(16);
    // Another way by now: it is felt out from the start.
    assertThat(rate(RateRule.meanwhile(again, reading(31, 16, 599_031)))).isEqualTo(2);
    assertThat(rate(RateRule.begun(rested, Long.MAX_VALUE, Duration.ofMinutes(10).toNanos())))
        .isEqualTo(4);
    // A small transfer proves nothing, and forgets nothing.
    long minute = Duration.ofMinutes(1).toNanos();
    State small = RateRule.atRest(RateRule.begun(rested, 2_000_000, minute), 2 * minute);
    assertThat(small.carried()).isEqualTo(rested.carried());
    // A narrow one is not made narrower still.
    State narrow = idle20Ms(8, new Limit(2 * MB, 3 * MB, 2, 0, 0, 0, 0));
    assertThat(rate(RateRule.begun(RateRule.atRest(narrow, 0), Long.MAX_VALUE, 1))).isEqualTo(4);
  }

  @Test
  void slavesThatTakeLessThanTheyAreLetHaveNeedFewerHandshakes() {
    State state = idle20Ms(8, new Limit(64 * MB, 32 * MB, 0, 0, 0, 0, 0));
    assertThat(RateRule.untilWanted(state, true, 0, 0)).hasMillis(10);
    state = RateRule.after(state, reading(20, 10, 100));
    assertThat(RateRule.untilWanted(state, true, 0, 0)).hasMillis(10);
    state = RateRule.after(state, reading(20, 10, 200));
    assertThat(RateRule.untilWanted(state, true, 0, 0)).hasMillis(100);
    assertThat(rate(state)).isEqualTo(64);

    state = RateRule.after(state, reading(20, 60, 300));
    assertThat(rate(state)).isEqualTo(128);
    assertThat(RateRule.untilWanted(state, true, 300 * MS, 300 * MS)).hasMillis(10);
  }

  @Test
  void whereNobodyMeasuresNothingIsHeldBack() {
    assertThat(RateRule.begun(State.START, Long.MAX_VALUE, 0)).isEqualTo(State.START);
  }

  @Test
  void eachQuickHandshakeDoublesTheRateOfThoseWhoUseIt() {
    State state = RateRule.begun(IDLE_20_MS, Long.MAX_VALUE, 0);
    state = RateRule.after(state, reading(20, 4, 30));
    assertThat(rate(state)).isEqualTo(8);
    // It began while less was sent.
    state = RateRule.after(state, reading(20, 8, 40));
    assertThat(rate(state)).isEqualTo(8);
    // Slaves take no more.
    state = RateRule.after(state, reading(20, 3, 60));
    assertThat(rate(state)).isEqualTo(8);
    state = RateRule.after(state, reading(20, 7, 90));
    assertThat(rate(state)).isEqualTo(16);
  }

  @Test
  void aHandshakeThatIsLateTakesTheRateBackBeforeItEnds() {
    State state = idle20Ms(8, new Limit(16 * MB, 8 * MB, 0, 0, 0, 0, 0));
    Reading early = reading(30, 16, 30);
    Reading late = reading(31, 16, 31);
    assertThat(RateRule.meanwhile(state, early)).isEqualTo(state);

    State lowered = RateRule.meanwhile(state, late);
    assertThat(rate(lowered)).isEqualTo(4);
    assertThat(lowered.isSlowed()).isTrue();
    // It ends, and says nothing new: what is on the way has to leave first.
    State ended = RateRule.after(lowered, reading(200, 4, 200));
    assertThat(rate(ended)).isEqualTo(4);
    // One may be slow by chance: the same is tried once more.
    State again = RateRule.after(ended, reading(20, 4, 230));
    assertThat(rate(again)).isEqualTo(8);
    again = RateRule.after(again, reading(20, 8, 260));
    assertThat(rate(again)).isEqualTo(16);
    // From now on it is known.
    again = RateRule.meanwhile(again, reading(31, 16, 300));
    again = RateRule.after(again, reading(20, 4, 400));
    assertThat(rate(again)).isCloseTo(6.8, within(0.001));
  }

  @Test
  void atAProvenRateOneSlowHandshakeIsChance() {
    State state = idle20Ms(8, new Limit(8 * MB, 8 * MB, 2, 0, 0, 0, 0));
    State once = RateRule.after(state, reading(90, 8, 100));
    assertThat(rate(once)).isEqualTo(8);
    assertThat(RateRule.untilWanted(once, true, 100 * MS, 100 * MS)).hasMillis(10);

    State quick = RateRule.after(once, reading(20, 8, 200));
    assertThat(quick.limit().slow()).isZero();
    State twice = RateRule.after(once, reading(90, 8, 200));
    assertThat(rate(twice)).isEqualTo(2.8);
    State settled = RateRule.after(twice, reading(20, 2.8, 400));
    assertThat(rate(settled)).isCloseTo(0.85 * 0.7 * 8, within(0.001));
  }

  @Test
  void moreIsTriedSeldomAndInSmallSteps() {
    State state = idle20Ms(8, new Limit(8 * MB, 8 * MB, 2, 0, 0, 0, 0));
    assertThat(rate(quick(state, 19_900, 8))).isEqualTo(8);
    State trial = quick(state, 20_000, 8);
    assertThat(rate(trial)).isEqualTo(10);
    assertThat(rate(quick(trial, 20_400, 10))).isEqualTo(10);
    assertThat(rate(quick(trial, 20_500, 10))).isEqualTo(12.5);

    // Refused: the next one is later.
    State refused = RateRule.after(trial, reading(90, 10, 20_100));
    State back = quick(refused, 20_200, 4);
    assertThat(rate(back)).isEqualTo(6.8);
    assertThat(rate(quick(back, 60_100, 6.8))).isEqualTo(6.8);
    assertThat(rate(quick(back, 60_200, 6.8))).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({
    // isSending, readings, ms
    "true, 8, 1000",
    "false, 8, 30000",
    "false, 1, 1000",
  })
  void howOftenHandshakesAreMeasured(boolean isSending, int readings, long millis) {
    State state = idle20Ms(readings, null);
    assertThat(RateRule.untilWanted(state, isSending, 0, 0)).hasMillis(millis);
    assertThat(RateRule.untilWanted(state, isSending, 0, millis * MS)).isZero();
  }

  @Test
  void whatWasNotMeasuredForAMinuteIsNotSlowAnyMore() {
    State state = idle20Ms(8, new Limit(MB, 2 * MB, 2, 0, 0, 0, 0));
    assertThat(RateRule.unheard(state, Duration.ofSeconds(59).toNanos())).isEqualTo(state);
    assertThat(RateRule.unheard(state, Duration.ofSeconds(61).toNanos())).isEqualTo(IDLE_20_MS);
  }

  /** Greetings at p99 at most double what they take on the idle way, which needs 16 ms. */
  @ParameterizedTest
  @CsvSource({"5, 50", "10, 6", "10, 20", "10, 75", "40, 50", "115, 75"})
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

  /** Threads that wait for their turn delay some parts of handshakes, and a queue all of them. */
  @ParameterizedTest
  @ValueSource(longs = {2, 6, 20, 50})
  void processorsThatAreBusyAreNotTakenForAQueue(long idleMillis) {
    // While a slave cloned on two cores a part took 1 to 3 ms in the median, and one took 26.
    Duration busy = Duration.ofMillis(20);
    Random chance = new Random(1);
    SimulatedWay open = new SimulatedWay(1e12, 1e9, Duration.ofMillis(idleMillis));
    open.busy(busy, chance);
    open.run(Duration.ofSeconds(1));
    assertThat(open.rate()).isGreaterThan(200 * MB);

    SimulatedWay narrow = new SimulatedWay(10 * MB, 4_000_000, Duration.ofMillis(idleMillis));
    narrow.busy(busy, chance);
    narrow.run(Duration.ofSeconds(100));
    assertThat(narrow.waited(0.99)).isLessThanOrEqualTo(Duration.ofMillis(16));
    assertThat(narrow.used()).isGreaterThan(0.6);
  }

  /** Slaves clone one after the other, as in a fleet that is set up. */
  @ParameterizedTest
  @CsvSource({"5, 50", "10, 6", "10, 20", "10, 75", "40, 50", "115, 75"})
  void whatIsTakenUpAgainDisturbsHardlyMore(double megabytes, long idleMillis) {
    SimulatedWay way = new SimulatedWay(megabytes * MB, 4_000_000, Duration.ofMillis(idleMillis));
    for (int i = 0; i < 10; i++) {
      way.run(Duration.ofSeconds(10));
      way.rest(Duration.ofSeconds(5));
    }
    assertThat(way.waited(0.95)).isLessThanOrEqualTo(Duration.ofMillis(16));
    assertThat(way.used()).isGreaterThan(0.6);
  }

  @Test
  void aWayThatBecameNarrowIsFeltOutAnew() {
    SimulatedWay way = new SimulatedWay(115 * MB, 4_000_000, Duration.ofMillis(20));
    way.run(Duration.ofSeconds(10));
    way.rest(Duration.ofSeconds(5));
    way.becomes(5 * MB);
    way.run(Duration.ofSeconds(100));

    assertThat(way.waited(0.98)).isLessThanOrEqualTo(Duration.ofMillis(16));
    assertThat(way.rate()).isLessThanOrEqualTo(5 * MB);
  }

  private static State quick(State state, long millis, double megabytes) {
    return RateRule.after(state, reading(20, megabytes, millis));
  }

  private static State idle20Ms(int readings, @Nullable Limit limit) {
    return new State(Handshake.whole(Duration.ofMillis(20)), readings, null, limit);
  }

  private static Reading reading(long took, double megabytes, long at) {
    return new Reading(
        Handshake.whole(Duration.ofMillis(took)), megabytes * MB, (at - took) * MS, at * MS);
  }

  private static double rate(State state) {
    return state.limit().bytesPerSecond() / MB;
  }
}
