package freshet.indexer.schedule;

import freshet.indexer.source.Finding;
import freshet.replicator.snapshot.City;
import java.util.Set;
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
  private Set<String> lastFindings = Set.of();

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
    Set<String> findings = new TreeSet<>();
    for (Finding finding : report.findings()) {
      findings.add(finding.what());
      if (!lastFindings.contains(finding.what())) {
        LOG.warn("{}: {}; {}", finding.what(), finding.evidence(), finding.fix());
      }
    }
    lastFindings = findings;
    last = report.outcome();
  }

  void rebuildsRoutes(int cities) {
    if (cities > 0) {
      LOG.info("the routing table is not of the cities' last commits: rebuilt from all {}", cities);
    }
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
            failed.message());
        LOG.debug("the failure's stack", failed.cause());
      }
    } else if (!name(outcome).equals(name(last))) {
      LOG.info("cycle: {} -> {}: {}", name(last), name(outcome), outcome);
    }
  }

  private static String name(@Nullable CycleOutcome outcome) {
    return switch (outcome) {
      case null -> "start";
      // These two alternate all day long, and the publisher tells of each generation.
      case CycleOutcome.Published published -> "fresh";
      case CycleOutcome.Refreshed refreshed -> "fresh";
      case CycleOutcome.Held held -> "held";
      case CycleOutcome.Failed failed -> "failed";
    };
  }
}
