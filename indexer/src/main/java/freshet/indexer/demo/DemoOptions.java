package freshet.indexer.demo;

import freshet.indexer.demo.fleet.Damage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a demo is to do.
 *
 * @param data the file with the listings; null to make them
 * @param documents how many to make
 * @param cities how many of them have a listing
 * @param duration how long to change the data; null for ever
 * @param changesPerSecond how often
 * @param slaves how many
 * @param killEvery how often to kill a process; null for never
 * @param seed of all draws
 * @param sabotages what to damage before the comparison
 */
record DemoOptions(
    @Nullable Path data,
    int documents,
    int cities,
    @Nullable Duration duration,
    double changesPerSecond,
    int slaves,
    @Nullable Duration killEvery,
    long seed,
    List<Damage.Kind> sabotages) {
  private static final int MOST_SLAVES = 20;
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);

  /** Refuses what makes no sense, by the name of the option. */
  DemoOptions {
    sabotages = List.copyOf(sabotages);
    require(documents >= 1, "--documents", documents, "1 or more");
    require(cities >= 1 && cities <= 10_000, "--cities", cities, "1 to 10000");
    require(
        changesPerSecond > 0 && changesPerSecond <= 10_000,
        "--changes-per-second",
        changesPerSecond,
        "more than 0, at most 10000");
    require(slaves >= 1 && slaves <= MOST_SLAVES, "--slaves", slaves, "1 to " + MOST_SLAVES);
    if (duration == null) {
      require(sabotages.isEmpty(), "--sabotage", sabotages, "a --duration to go with it");
    } else {
      require(duration.toMillis() >= 1000, "--duration", duration, "1s or more");
    }
    if (killEvery != null) {
      require(killEvery.toMillis() >= 500, "--kill-every", killEvery, "500ms or more");
    }
  }

  private static void require(boolean holds, String option, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(option + " " + value + ": expected " + expected);
    }
  }

  /** How long a late transaction stays open: long enough for some polls, short enough to end. */
  Duration lateHold() {
    Duration all = duration;
    if (all == null || all.dividedBy(4).compareTo(LONGEST_HOLD) > 0) {
      return LONGEST_HOLD;
    }
    return all.dividedBy(4);
  }
}
