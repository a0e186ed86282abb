package freshet.replicator.schedule;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a slave pulls.
 *
 * @param noticeWait how long one question for a new snapshot stays open
 * @param cron when to pull besides, null for on notice only
 * @param firstBackoff the most to wait after a first failure
 * @param longestBackoff the most to wait after many
 */
public record SlaveOptions(
    Duration noticeWait, @Nullable String cron, Duration firstBackoff, Duration longestBackoff) {
  /** Questions of 20 s, no cron; back off from 200 ms up to 10 s. */
  public static final SlaveOptions DEFAULT =
      new SlaveOptions(
          Duration.ofSeconds(20), null, Duration.ofMillis(200), Duration.ofSeconds(10));

  /** Refuses what would spin or wait for ever. */
  public SlaveOptions {
    requireWithin("notice wait", noticeWait, Duration.ofMillis(10), Duration.ofMinutes(5));
    requireWithin("first backoff", firstBackoff, Duration.ofMillis(10), longestBackoff);
    requireWithin("longest backoff", longestBackoff, firstBackoff, Duration.ofHours(1));
    if (cron != null) {
      String expression = cron;
      CronSchedule.problemWith(expression)
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem);
              });
    }
  }

  private static void requireWithin(String what, Duration found, Duration least, Duration most) {
    if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "the %s lies between %s and %s, found %s".formatted(what, least, most, found));
    }
  }
}
