package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.scan.ThrottleRule.Load;
import freshet.indexer.session.Lag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThrottleRuleTest {
  private static final Load CALM = load(Duration.ofSeconds(1), 2);
  private static final Allowance ENOUGH = new Allowance(10, 0);

  private static Load load(Duration lag, int threads) {
    return new Load(new Lag.Known(lag), threads);
  }

  private static ScanLimits limits(
      @Nullable Integer rows, @Nullable Duration lag, @Nullable Integer threads) {
    return new ScanLimits(rows, lag, threads);
  }

  private static String why(ScanLimits limits, @Nullable Load load, Allowance allowance) {
    return switch (ThrottleRule.decide(limits, load, allowance)) {
      case ThrottleRule.Read(int rows) -> "read " + rows;
      case ThrottleRule.Wait(WaitReason reason, String why, Duration atMost) -> {
        assertThat(atMost).isPositive().isLessThanOrEqualTo(ThrottleRule.LOOK);
        yield why;
      }
    };
  }

  @Test
  void withoutLimitsNothingIsWaitedFor() {
    assertThat(why(ScanLimits.NONE, null, new Allowance(-1_000, 0)))
        .isEqualTo("read " + Integer.MAX_VALUE);
  }

  @Test
  void aLagAboveItsLimitIsWaitedFor() {
    ScanLimits limits = limits(null, Duration.ofSeconds(10), null);
    assertThat(why(limits, load(Duration.ofSeconds(42), 99), ENOUGH))
        .isEqualTo("replica lag is 42 s, limit 10 s");
    assertThat(why(limits, load(Duration.ofMillis(10_250), 99), ENOUGH))
        .isEqualTo("replica lag is 10.25 s, limit 10 s");
    assertThat(why(limits, load(Duration.ofSeconds(10), 99), ENOUGH)).startsWith("read");
  }

  @Test
  void aLagThatNobodyKnowsIsWaitedFor() {
    Load unknown = new Load(new Lag.Unknown("replication is not running"), 1);
    assertThat(why(limits(null, Duration.ofSeconds(10), null), unknown, ENOUGH))
        .isEqualTo("replica lag is unknown (replication is not running), limit 10 s");
    assertThat(why(limits(null, null, 5), unknown, ENOUGH)).startsWith("read");
  }

  @Test
  void threadsAboveTheirLimitAreWaitedFor() {
    assertThat(why(limits(null, null, 20), load(Duration.ZERO, 37), ENOUGH))
        .isEqualTo("37 threads are running, limit 20");
    assertThat(why(limits(null, null, 20), load(Duration.ofHours(1), 20), ENOUGH))
        .startsWith("read");
  }

  @Test
  void whatIsNotKnownYetIsAskedFor() {
    assertThat(why(limits(null, null, 20), null, ENOUGH)).contains("not known yet");
    assertThat(why(limits(100, null, null), null, ENOUGH)).startsWith("read");
  }

  @Test
  void rowsAreAllowedAsTimeGoesBy() {
    ScanLimits limits = limits(5_000, null, null);
    assertThat(why(limits, CALM, new Allowance(-100, 0))).isEqualTo("5,000 rows/s are allowed");
    assertThat(why(limits, CALM, new Allowance(1, 0))).isEqualTo("read 1250");
    assertThat(why(limits(1, null, null), CALM, new Allowance(1, 0))).isEqualTo("read 1");
  }

  @Test
  void theServerCountsBeforeTheClock() {
    assertThat(
            why(
                limits(5_000, Duration.ofSeconds(10), 20),
                load(Duration.ofSeconds(42), 37),
                new Allowance(-1, 0)))
        .isEqualTo("replica lag is 42 s, limit 10 s");
  }

  @Test
  void anAllowanceGrowsToAQuarterOfASecondAndIsPaidBack() {
    Allowance empty = new Allowance(0, 0);
    assertThat(empty.at(100_000_000, 1_000).rows()).isEqualTo(100);
    assertThat(empty.at(5_000_000_000L, 1_000).rows()).isEqualTo(250);
    assertThat(empty.less(2_000).at(1_000_000_000, 1_000).rows()).isEqualTo(-1_000);
    assertThat(empty.less(2_000).wait(1_000))
        .isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_010));
    assertThat(empty.less(1).at(1_000_000_000, 1).wait(1)).isPositive();
    assertThat(empty.less(2_000).at(1, null).rows()).isZero();
  }

  @Test
  void aRatePutsNoRowOffForEver() {
    Allowance allowance = new Allowance(0, 0).less(1);
    long nanos = 0;
    for (int i = 0; i < 3; i++) {
      Duration wait = allowance.wait(1);
      nanos += wait.toNanos();
      allowance = allowance.at(nanos, 1);
      if (allowance.rows() > 0) {
        return;
      }
    }
    throw new AssertionError("still waiting with " + allowance);
  }
}
