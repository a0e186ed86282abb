package freshet.indexer.schedule;

import freshet.replicator.snapshot.City;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs where a cycle ends otherwise than the one before; not every cycle, and not every city. */
final class Transitions {
  private static final Logger LOG = LoggerFactory.getLogger(Cycle.class);

  private @Nullable CycleOutcome last;
  private SortedSet<City> lastBehind = new TreeSet<>();

  void log(CycleReport report) {
    logOutcome(report.outcome());
    if (!report.behind().equals(lastBehind)) {
      LOG.info(
          "behind: {} -> {}{}",
          lastBehind,
          report.behind(),
          report.failed().isEmpty() ? "" : "; failed: " + report.failed());
      lastBehind = report.behind();
    }
    last = report.outcome();
  }

  void rebuildsRoutes() {
    LOG.info("the routing table is rebuilt from the cities: it is not of their last commits");
  }

  private void logOutcome(CycleOutcome outcome) {
    if (outcome instanceof CycleOutcome.Failed failed) {
      boolean isNew =
          !(last instanceof CycleOutcome.Failed before)
              || before.stage() != failed.stage()
              || !before.failure().equals(failed.failure());
      if (isNew) {
        LOG.warn(
            "cycle: {} -> failed in {}: {}: {}",
            name(last),
            failed.stage(),
            failed.failure(),
            failed.message(),
            failed.cause());
      }
    } else if (last == null || last.getClass() != outcome.getClass()) {
      LOG.info("cycle: {} -> {}", name(last), outcome);
    }
  }

  private static String name(@Nullable CycleOutcome outcome) {
    return outcome == null ? "start" : outcome.getClass().getSimpleName();
  }
}
