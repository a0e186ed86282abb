package freshet.indexer.benchmark.build;

import static freshet.indexer.benchmark.build.Samples.seconds;

import java.util.Optional;

/** Rebuilds of the larger table by {@code bin/indexer rebuild --all}. */
final class LargeRebuild {
  private static final double RATIO = 1.0;
  private static final double GIGABYTES = 2;
  private static final double BYTES_PER_GIGABYTE = 1L << 30;

  private final Measuring measuring;
  private final CorpusTable table;
  private final Optional<Sphinx> sphinx;

  LargeRebuild(Measuring measuring, CorpusTable table, Optional<Sphinx> sphinx) {
    this.measuring = measuring;
    this.table = table;
    this.sphinx = sphinx;
  }

  /** Measures, if asked to; returns a folder that is built in any case. */
  MasterFolder run() throws Exception {
    boolean isMeasured = measuring.any(Measurement.REBUILD_LARGE);
    int runs = isMeasured ? measuring.workload().runs() : 1;
    Samples rates = new Samples();
    Samples peaks = new Samples();
    MasterFolder built = measuring.master("large", table, Fields.UNSTORED);
    for (int run = 0; run < runs; run++) {
      Double peer =
          isMeasured && sphinx.isPresent()
              ? table.documents() / seconds(sphinx.get().rebuild())
              : null;
      built.delete();
      built = measuring.master("large", table, Fields.UNSTORED);
      Indexer.Run ours = measuring.indexer().large(built);
      rates.add(table.documents() / seconds(ours.published()), peer);
      peaks.add(ours.peakBytes() / BYTES_PER_GIGABYTE);
    }
    ContentCheck.pass(built);
    if (isMeasured) {
      String name = Measurement.REBUILD_LARGE.text();
      measuring.found(
          rates.figure(
              name,
              "%,d documents in %d cities, a process's start to the snapshot, unstored"
                  .formatted(table.documents(), table.cities().size()),
              "docs/s",
              Figure.Target.ratioAtLeast(RATIO)));
      measuring.found(
          peaks.figure(
              name + ", memory", "peak of the process", "GB", Figure.Target.atMost(GIGABYTES)));
    }
    return built;
  }
}
