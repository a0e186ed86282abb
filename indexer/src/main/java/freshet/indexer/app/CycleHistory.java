package freshet.indexer.app;

import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last 50 cycles that did or met something, and the one that runs. Thread-safe. */
final class CycleHistory {
  private static final int MOST = 50;

  private final Deque<CycleReport> last = new ArrayDeque<>();
  private @Nullable Instant runningSince;
  private @Nullable CycleReport newest;
  private @Nullable Instant failingSince;

  synchronized void begins(Instant now) {
    runningSince = now;
  }

  /**
   * Takes a report over. Of quiet cycles only the newest is kept, or they would push out others.
   */
  synchronized void ended(CycleReport report) {
    runningSince = null;
    if (newest != null && isQuiet(newest)) {
      last.removeFirst();
    }
    if (!(report.outcome() instanceof CycleOutcome.Failed)) {
      failingSince = null;
    } else if (failingSince == null) {
      failingSince = report.started();
    }
    newest = report;
    last.addFirst(report);
    if (last.size() > MOST) {
      last.removeLast();
    }
  }

  /** Since when a cycle runs; null if none does. */
  synchronized @Nullable Instant runningSince() {
    return runningSince;
  }

  /** The newest report; null before the first. */
  synchronized @Nullable CycleReport newest() {
    return newest;
  }

  /** When the first of the cycles began that have failed since, all of them; null if none has. */
  synchronized @Nullable Instant failingSince() {
    return failingSince;
  }

  /** Newest first. */
  synchronized List<CycleReport> reports() {
    return List.copyOf(last);
  }

  private static boolean isQuiet(CycleReport report) {
    return report.isClean() && report.outcome() instanceof CycleOutcome.Refreshed;
  }
}
