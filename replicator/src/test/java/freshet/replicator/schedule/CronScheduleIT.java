package freshet.replicator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.runtime.SystemTime;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CronScheduleIT {
  private static final String EVERY_SECOND = "* * * * * ?";

  @Test
  void aJobRunsAgainThoughItThrows() throws Exception {
    CountDownLatch twice = new CountDownLatch(2);
    try (CronSchedule schedule = schedule()) {
      schedule.start(
          "job",
          EVERY_SECOND,
          () -> {
            twice.countDown();
            throw new IllegalStateException("on purpose");
          });

      assertThat(schedule.next("job")).isPresent();
      assertThat(twice.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aJobIsNotStartedWhileItRuns() throws Exception {
    CountDownLatch ticks = new CountDownLatch(3);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger starts = new AtomicInteger();
    try (CronSchedule schedule = schedule()) {
      schedule.start(
          "slow",
          EVERY_SECOND,
          () -> {
            starts.incrementAndGet();
            awaitQuietly(release);
          });
      schedule.start("clock", EVERY_SECOND, ticks::countDown);

      assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(starts).hasValueLessThanOrEqualTo(1);
      release.countDown();
    }
  }

  @Test
  void closingWaitsForTheRunningJobButNotForEver() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CronSchedule schedule = schedule();
    schedule.start(
        "stuck",
        EVERY_SECOND,
        () -> {
          started.countDown();
          awaitQuietly(never);
        });
    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    SystemTime time = new SystemTime();
    long start = time.nanoTime();

    schedule.close();

    assertThat(time.since(start)).isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
    never.countDown();
  }

  @Test
  void aWrongExpressionIsRefusedWithAnExample() {
    for (String wrong : new String[] {"", "x", "* * * * *", "0 0 0 31 2 ? 2020-", "61 * * * * ?"}) {
      assertThat(CronSchedule.problemWith(wrong)).as(wrong).isPresent();
    }
    assertThat(CronSchedule.problemWith("0/2 * * * * ?")).isEmpty();
    try (CronSchedule schedule = schedule()) {
      assertThatThrownBy(() -> schedule.start("pull", "5 * * * *", () -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the schedule of pull: '5 * * * *' is no cron expression")
          .hasMessageContaining("'0/10 * * * * ?'");
    }
  }

  private static CronSchedule schedule() {
    return new CronSchedule(
        "test-cron", 2, ZoneOffset.UTC, Duration.ofMillis(300), new SystemTime());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
