package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds failures to their deadline and a tenth of it. A machine that does much else may let a
 * thread wait for longer than that, but not each time: the failure is provoked again until one try
 * is in time, which code that takes longer than it may never is.
 */
public final class InTime {
  private static final int TRIES = 5;

  /** What fails without waiting ends before any deadline of these tests. */
  private static final Duration AT_ONCE = Duration.ofMillis(250);

  /** What a loaded machine of two cores may add to each try. */
  private static final Duration LOADED = Duration.ofSeconds(3);

  private static final Time TIME = new SystemTime();

  private InTime() {}

  /** Provokes the failure once, and asserts what it is. */
  public interface Failing {
    void run() throws Exception;
  }

  /** Provokes the failure once, with its repair, and tells how long the failing took. */
  public interface TimedFailing {
    Duration run() throws Exception;
  }

  /** How long this takes. */
  public static Duration tookOf(Failing failing) throws Exception {
    long start = TIME.nanoTime();
    failing.run();
    return TIME.since(start);
  }

  /**
   * Asserts that it takes no longer than its deadline and a tenth of it.
   *
   * @param deadline zero for what has nothing to wait for
   */
  public static void assertFails(Duration deadline, TimedFailing failing) throws Exception {
    Duration limit = deadline.isZero() ? AT_ONCE : deadline.multipliedBy(11).dividedBy(10);
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      Duration once = failing.run();
      if (once.compareTo(limit) <= 0) {
        return;
      }
      assertThat(once).isLessThan(limit.plus(LOADED));
      took.add(once);
    }
    fail("took %s, each longer than %s".formatted(took, limit));
  }
}
