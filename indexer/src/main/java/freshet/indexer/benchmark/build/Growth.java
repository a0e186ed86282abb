package freshet.indexer.benchmark.build;

import static freshet.indexer.benchmark.build.Samples.seconds;

import freshet.indexer.app.Master;
import freshet.replicator.runtime.Time;
import java.time.Duration;

/** Idle cycles over the larger table, and increments as the corpus grows a hundredfold. */
final class Growth {
  private static final double RATIO = 1.3;
  private static final double IDLE_MILLIS = 20;
  private static final int IDLE_CYCLES = 40;
  private static final Duration IDLE_STRETCH = Duration.ofMillis(100);
  private static final int WARM_UP = 5;

  private final Measuring measuring;
  private final MasterFolder large;
  private final CorpusTable smallTable;
  private final Time time;

  Growth(Measuring measuring, MasterFolder large, CorpusTable smallTable) {
    this.measuring = measuring;
    this.large = large;
    this.smallTable = smallTable;
    this.time = measuring.time();
  }

  void run() throws Exception {
    try (Master master = large.open(time)) {
      Cycles cycles = new Cycles(master, time);
      cycles.untilIdle();
      if (measuring.any(Measurement.IDLE)) {
        idle(cycles);
      }
      if (measuring.any(Measurement.GROWTH)) {
        MasterFolder small = measuring.master("hundredth", smallTable, Fields.UNSTORED);
        try (Master other = small.open(time)) {
          Cycles smaller = new Cycles(other, time);
          smaller.untilIdle();
          grow(cycles, smaller);
        }
        ContentCheck.pass(small);
      }
    }
    ContentCheck.pass(large);
  }

  private void idle(Cycles cycles) throws Exception {
    for (int i = 0; i < IDLE_CYCLES; i++) {
      cycles.idle();
    }
    Samples millis = new Samples();
    for (int run = 0; run < measuring.workload().runs(); run++) {
      // The system tells CPU time in steps of 10 ms: one cycle alone may take none of them.
      Duration before = ProcessFigures.cpu();
      Duration spent;
      int count = 0;
      do {
        cycles.idle();
        count++;
        spent = ProcessFigures.cpu().minus(before);
      } while (spent.compareTo(IDLE_STRETCH) < 0);
      millis.add(spent.toNanos() / 1e6 / count);
    }
    measuring.found(
        millis.figure(
            Measurement.IDLE.text(),
            "CPU of a cycle that finds nothing, %d cities".formatted(large.table().cities().size()),
            "ms",
            Figure.Target.atMost(IDLE_MILLIS)));
  }

  private void grow(Cycles cycles, Cycles smaller) throws Exception {
    int changes = measuring.workload().fixedChanges();
    int warmUp = Math.min(WARM_UP, measuring.workload().runs());
    Samples growth = new Samples();
    Samples took = new Samples();
    for (int run = 0; run < warmUp + measuring.workload().runs(); run++) {
      smallTable.change(changes);
      double before = seconds(smaller.publish());
      smaller.untilIdle();
      large.table().change(changes);
      double after = seconds(cycles.publish());
      cycles.untilIdle();
      if (run >= warmUp) {
        growth.add(after / before);
        took.add(after, before);
      }
    }
    String name = Measurement.GROWTH.text();
    measuring.found(
        took.figure(
            name + ", seconds",
            "%,d changes in the larger corpus, beside the smaller".formatted(changes),
            "s",
            null));
    measuring.found(
        growth.figure(
            name,
            "times as long with %,d documents as with %,d"
                .formatted(large.table().documents(), smallTable.documents()),
            "times",
            Figure.Target.atMost(RATIO)));
  }
}
