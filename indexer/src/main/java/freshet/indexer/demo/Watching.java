package freshet.indexer.demo;

import freshet.indexer.demo.data.ChangeKind;
import freshet.indexer.demo.data.Workload;
import freshet.indexer.demo.fleet.FleetException;
import freshet.indexer.demo.fleet.FleetWatch;
import freshet.indexer.demo.fleet.Killer;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what goes on while the data changes, until the time is over or something fails. */
final class Watching {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final int LOOKS_PER_LINE = 5;

  private final @Nullable Duration duration;
  private final Talk talk;
  private final Time time;
  private final Closing closing;

  Watching(@Nullable Duration duration, Talk talk, Time time, Closing closing) {
    this.duration = duration;
    this.talk = talk;
    this.time = time;
    this.closing = closing;
  }

  /**
   * Looks once a second.
   *
   * @param loaded documents that were there at the start
   * @throws FleetException if a daemon has ended by itself
   */
  void run(FleetWatch watch, Workload workload, @Nullable Killer killer, long loaded)
      throws FleetException, InterruptedException {
    long start = time.nanoTime();
    long before = 0;
    double rate = 0;
    for (int looks = 1; !isOver(workload, killer) && !closing.isClosed(); looks++) {
      Duration due = BETWEEN_LOOKS.multipliedBy(looks);
      Duration end = duration;
      Duration until = end != null && end.compareTo(due) < 0 ? end : due;
      Duration pause = until.minus(time.since(start));
      if (pause.isPositive()) {
        time.sleep(pause);
      }
      Duration elapsed = time.since(start);
      if (end != null && elapsed.compareTo(end) >= 0) {
        return;
      }
      watch.fleet().check();
      watch.look();
      watch.sampleAges();
      Map<ChangeKind, Long> counts = workload.counts();
      long all = counts.values().stream().mapToLong(Long::longValue).sum();
      // A falling average over some seconds: a figure that can be read while it changes.
      rate = looks == 1 ? all : 0.7 * rate + 0.3 * (all - before);
      before = all;
      show(
          new View.Progress(
              elapsed,
              end,
              documents(loaded, counts),
              counts,
              rate,
              killer == null ? 0 : killer.kills()),
          watch,
          looks);
    }
  }

  private void show(View.Progress progress, FleetWatch watch, int looks) {
    if (talk.isTerminal()) {
      talk.draw(View.drawn(progress, View.Seen.of(watch)));
    } else if (looks % LOOKS_PER_LINE == 0) {
      talk.say(View.plain(progress, View.Seen.of(watch)));
    }
  }

  private static boolean isOver(Workload workload, @Nullable Killer killer) {
    return workload.failure().isPresent() || (killer != null && killer.failure().isPresent());
  }

  private static long documents(long loaded, Map<ChangeKind, Long> counts) {
    return loaded
        + counts.getOrDefault(ChangeKind.INSERT, 0L)
        - counts.getOrDefault(ChangeKind.DELETE, 0L);
  }
}
