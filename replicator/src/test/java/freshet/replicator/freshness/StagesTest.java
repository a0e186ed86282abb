package freshet.replicator.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CycleTimes;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All clocks agree here; seconds after noon tell the story. */
class StagesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final DatabaseClock EXACT = new DatabaseClock(Duration.ZERO, Duration.ZERO);

  /** Polled at :10 with 2 s of lag, polling 1, building 3, publishing 1: advertised at :15. */
  private static final CycleTimes CYCLE =
      new CycleTimes(at(10).wall(), seconds(2), seconds(1), seconds(3), seconds(1));

  private static final Advertisement PULLED =
      Served.advertisement(at(15).wall(), at(8).wall(), Map.of(), EXACT, CYCLE);

  @Test
  void eachStageTellsItsShare() {
    PullTimes pulled = new PullTimes(PULLED, at(19), at(24), at(26));

    StageAges stages = stages(PULLED, at(16), pulled, null, at(33));

    assertThat(stages)
        .isEqualTo(
            new StageAges(
                seconds(2),
                seconds(7),
                seconds(1),
                seconds(3),
                seconds(1),
                seconds(0),
                seconds(4),
                seconds(5),
                seconds(2)));
  }

  @Test
  void aPullThatHangsShowsAsPull() {
    PullTimes pulled = new PullTimes(PULLED, at(15), at(15), at(15));
    NextState next = new NextState(new Generation(1, 8), at(20), at(25));

    StageAges stages = stages(PULLED, at(15), pulled, next, at(625));

    assertThat(stages.pull()).isEqualTo(seconds(600));
    assertThat(stages.waitingForPull()).isEqualTo(seconds(5));
    assertThat(stages.waitingForPoll()).isEqualTo(seconds(5));
  }

  @Test
  void aSnapshotThatNobodyPullsShowsAsWaitingForAPull() {
    PullTimes pulled = new PullTimes(PULLED, at(15), at(15), at(15));
    NextState next = new NextState(new Generation(1, 8), at(20), null);

    assertThat(stages(PULLED, at(15), pulled, next, at(80)).waitingForPull())
        .isEqualTo(seconds(60));
  }

  @Test
  void theLastPullIsNoPartOfAQuietMastersAge() {
    CycleTimes quiet =
        new CycleTimes(at(100).wall(), seconds(0), seconds(1), seconds(0), seconds(0));
    Advertisement later =
        Served.advertisement(at(101).wall(), at(100).wall(), Map.of(), EXACT, quiet);
    PullTimes pulled = new PullTimes(PULLED, at(16), at(24), at(26));

    StageAges stages = stages(later, at(102), pulled, null, at(104));

    assertThat(stages.pull()).isZero();
    assertThat(stages.poll()).isEqualTo(seconds(1));
    assertThat(stages.waitingForPull()).isEqualTo(seconds(1));
    assertThat(stages.waitingForPoll()).isEqualTo(seconds(2));
  }

  @Test
  void stagesNeverAddUpToMoreThanTheAge() {
    PullTimes pulled = new PullTimes(PULLED, at(16), at(24), at(26));

    // A master's clock that is 15 s ahead makes the age small, and every stage still long.
    ServedState served =
        new ServedState(Served.snapshot(at(8).wall(), "akron"), PULLED, at(16), pulled);
    StageAges stages = Stages.of(seconds(4), at(8).wall(), served, null, estimate(at(30)), at(30));

    assertThat(stages.total()).isEqualTo(seconds(4));
    assertThat(stages.replicaLag()).isEqualTo(seconds(2));
    assertThat(stages.build()).isEqualTo(seconds(1));
  }

  private static StageAges stages(
      Advertisement advertisement,
      ClockReading heardAt,
      PullTimes pulled,
      @Nullable NextState next,
      ClockReading now) {
    ServedState served =
        new ServedState(Served.snapshot(at(0).wall(), "akron"), advertisement, heardAt, pulled);
    AgeCalculator calculator = new AgeCalculator(Duration.ZERO);
    DatabaseTime database = new DatabaseTime(now.wall(), now, estimate(now));
    AgeReport report = calculator.report(served, next, database);
    Age.Known age = (Age.Known) report.age();
    assertThat(report.stages().total()).isEqualTo(age.atMost());
    assertThat(age.atMost()).isEqualTo(Duration.between(advertisement.readThrough(), now.wall()));
    return report.stages();
  }

  private static ClockEstimate estimate(ClockReading now) {
    return new ClockEstimate(Duration.ZERO, Duration.ZERO, now);
  }

  private static ClockReading at(int second) {
    return new ClockReading(NOON.plusSeconds(second), Duration.ofSeconds(second).toNanos());
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
