package freshet.indexer.benchmark.build;

import freshet.indexer.app.Master;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.runtime.Time;
import java.time.Duration;

/** Cycles of a master in this process. */
public record Cycles(Master master, Time time) {
  private static final Duration MERGE_PATIENCE = Duration.ofMinutes(2);

  /** One that has something to publish; how long it took. */
  public Duration publish() throws WrongContent {
    long start = time.nanoTime();
    CycleReport report = run();
    Duration took = time.since(start);
    if (!(report.outcome() instanceof CycleOutcome.Published)) {
      throw new WrongContent("a cycle was to publish something, and did: " + report.outcome());
    }
    return took;
  }

  /** One that finds nothing. */
  void idle() throws WrongContent {
    CycleReport report = run();
    if (!(report.outcome() instanceof CycleOutcome.Refreshed)) {
      throw new WrongContent("a cycle was to find nothing, and did: " + report.outcome());
    }
  }

  /** Lets merges end, publishes them, and goes on until nothing is left to do. */
  public void untilIdle() throws WrongContent, InterruptedException {
    boolean hasMore = true;
    while (hasMore) {
      hasMore = step();
      finishMerges();
    }
  }

  /** One, whatever it finds; returns whether there may be more to do. */
  public boolean step() throws WrongContent {
    CycleReport report = run();
    return report.moreToRead() || !(report.outcome() instanceof CycleOutcome.Refreshed);
  }

  /** Waits for the merges that are due, and publishes what they made. */
  public void finishMerges() throws WrongContent, InterruptedException {
    if (master.cycle().finishMerges(MERGE_PATIENCE) instanceof CycleOutcome.Failed failed) {
      throw new WrongContent("merges could not be published: " + failed);
    }
  }

  private CycleReport run() throws WrongContent {
    CycleReport report = master.cycle().run();
    if (!report.isClean()) {
      throw new WrongContent("a cycle failed: " + report.outcome() + " " + report.failed());
    }
    return report;
  }
}
