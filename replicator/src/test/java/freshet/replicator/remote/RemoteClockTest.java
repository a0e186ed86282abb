package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RemoteClockTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private final ManualTime time = new ManualTime(NOON);
  private final RemoteClock clock = new RemoteClock(time);

  @Test
  void nothingIsKnownBeforeTheFirstAnswer() {
    assertThat(clock.estimate()).isEmpty();
    assertThat(clock.isVague()).isFalse();
  }

  @Test
  void anOffsetIsRightWithinHalfTheRoundTrip() {
    clock.measured(NOON.plusSeconds(5), Duration.ofMillis(40));

    assertThat(clock.estimate())
        .contains(new ClockEstimate(Duration.ofMillis(5020), Duration.ofMillis(20)));
  }

  @Test
  void aLongPollDoesNotReplaceAShortRoundTripUntilThatIsOld() {
    clock.measured(NOON, Duration.ofMillis(2));
    time.advance(Duration.ofSeconds(100));
    clock.measured(NOON.plusSeconds(100), Duration.ofSeconds(1));

    assertThat(clock.estimate().orElseThrow().uncertainty()).isEqualTo(Duration.ofMillis(21));
    time.advance(Duration.ofHours(1));
    assertThat(clock.isVague()).isTrue();
    clock.measured(NOON.plusSeconds(3700), Duration.ofSeconds(1));
    assertThat(clock.estimate().orElseThrow().uncertainty()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void aStepOfTheClockHereChangesTheOffsetAndNotTheRemotesTime() {
    clock.measured(NOON, Duration.ZERO);
    time.stepWallClock(Duration.ofSeconds(-30));

    assertThat(clock.estimate().orElseThrow().offset()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aStepOfTheRemotesClockIsBelieved() {
    clock.measured(NOON, Duration.ofMillis(2));
    clock.measured(NOON.plusSeconds(60), Duration.ofMillis(100));

    assertThat(clock.estimate().orElseThrow().offset()).isEqualTo(Duration.ofMillis(60_050));
  }
}
