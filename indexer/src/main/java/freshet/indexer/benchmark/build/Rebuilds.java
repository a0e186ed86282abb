package freshet.indexer.benchmark.build;

import static freshet.indexer.benchmark.build.Samples.seconds;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rebuilds of the smaller table, cold and warm, and a start that finds nothing to do. */
final class Rebuilds {
  private static final double COLD_RATIO = 0.5;
  private static final double WARM_RATIO = 0.9;
  private static final double START_SECONDS = 0.8;

  private final Measuring measuring;
  private final CorpusTable table;
  private final Optional<Sphinx> sphinx;

  Rebuilds(Measuring measuring, CorpusTable table, Optional<Sphinx> sphinx) {
    this.measuring = measuring;
    this.table = table;
    this.sphinx = sphinx;
  }

  /** Measures; returns a folder that is built. */
  MasterFolder run() throws Exception {
    boolean isCold = measuring.any(Measurement.REBUILD_COLD);
    boolean isWarm = measuring.any(Measurement.REBUILD_WARM);
    if (isCold || isWarm) {
      rebuild(isCold, isWarm);
    }
    MasterFolder built = measuring.master("built", table, Fields.STORED);
    measuring.indexer().cold(built);
    ContentCheck.pass(built);
    if (measuring.any(Measurement.START_UP)) {
      startUp(built);
    }
    return built;
  }

  private void rebuild(boolean isCold, boolean isWarm) throws Exception {
    Samples unstored = new Samples();
    Samples stored = new Samples();
    Samples toTheEnd = new Samples();
    Samples warm = new Samples();
    if (isWarm) {
      once(Fields.UNSTORED, true);
    }
    for (int run = 0; run < measuring.workload().runs(); run++) {
      Double peer = sphinx.isPresent() ? perSecond(sphinx.get().rebuild()) : null;
      if (isCold) {
        Indexer.Run ours = once(Fields.UNSTORED, false);
        add(unstored, ours, peer);
        toTheEnd.add(seconds(ours.whole()));
        add(stored, once(Fields.STORED, false), peer);
      }
      if (isWarm) {
        add(warm, once(Fields.UNSTORED, true), peer);
      }
    }
    String name = Measurement.REBUILD_COLD.text();
    if (isCold) {
      measuring.found(
          unstored.figure(
              name,
              "a process's start to the snapshot, fields unstored",
              "docs/s",
              Figure.Target.ratioAtLeast(COLD_RATIO)));
      measuring.found(
          stored.figure(name + ", stored", "the same with fields stored", "docs/s", null));
      measuring.found(
          toTheEnd.figure(
              name + ", to exit", "the same unstored, with merges after it", "s", null));
    }
    if (isWarm) {
      measuring.found(
          warm.figure(
              Measurement.REBUILD_WARM.text(),
              "in a process that did it before, unstored",
              "docs/s",
              Figure.Target.ratioAtLeast(WARM_RATIO)));
    }
  }

  private void add(Samples samples, Indexer.Run run, @Nullable Double peer) {
    samples.add(perSecond(run.published()), peer);
  }

  private double perSecond(Duration duration) {
    return table.documents() / seconds(duration);
  }

  private Indexer.Run once(Fields fields, boolean isWarm) throws Exception {
    MasterFolder master = measuring.master("rebuild", table, fields);
    try {
      Indexer.Run run =
          isWarm ? measuring.indexer().warm(master) : measuring.indexer().cold(master);
      ContentCheck.pass(master);
      return run;
    } finally {
      master.delete();
    }
  }

  private void startUp(MasterFolder built) throws Exception {
    // The first one after a build may still merge.
    measuring.indexer().cold(built);
    Samples starts = new Samples();
    for (int run = 0; run < measuring.workload().runs(); run++) {
      starts.add(seconds(measuring.indexer().cold(built).whole()));
    }
    measuring.found(
        starts.figure(
            Measurement.START_UP.text(),
            "bin/indexer build with nothing to do, start to exit",
            "s",
            Figure.Target.atMost(START_SECONDS)));
  }
}
