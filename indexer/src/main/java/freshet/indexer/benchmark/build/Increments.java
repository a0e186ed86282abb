package freshet.indexer.benchmark.build;

import static freshet.indexer.benchmark.build.Samples.seconds;

import freshet.indexer.app.Master;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Increments of the smaller table in a warm process. */
final class Increments {
  private static final double ALL_SECONDS = 0.5;
  private static final double FEW_SECONDS = 0.08;
  private static final double BYTES_FRESH = 8;
  private static final double BYTES_MERGED = 16;
  private static final double CYCLE_SECONDS = 1;
  private static final double CORES = 0.5;

  /** Runs that don't count: code and caches are warm after them. */
  private static final int WARM_UP = 10;

  /** So many increments until every city has merged a few times. */
  private static final int UNTIL_MERGED = 24;

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Measuring measuring;
  private final MasterFolder folder;
  private final CorpusTable table;
  private final Optional<Sphinx> sphinx;
  private final Time time;

  Increments(Measuring measuring, MasterFolder folder, Optional<Sphinx> sphinx) {
    this.measuring = measuring;
    this.folder = folder;
    this.table = folder.table();
    this.sphinx = sphinx;
    this.time = measuring.time();
  }

  void run() throws Exception {
    if (!measuring.any(
        Measurement.INCREMENT_ALL,
        Measurement.INCREMENT_FEW,
        Measurement.BYTES,
        Measurement.OPERATING_POINT)) {
      return;
    }
    if (sphinx.isPresent()) {
      sphinx.get().rebuild();
    }
    try (Master master = folder.open(time)) {
      Cycles cycles = new Cycles(master, time);
      cycles.untilIdle();
      increments(cycles);
      if (measuring.any(Measurement.OPERATING_POINT)) {
        operate(cycles);
      }
      cycles.untilIdle();
    }
    ContentCheck.pass(folder);
  }

  private void increments(Cycles cycles) throws Exception {
    int runs = measuring.workload().runs();
    for (int run = 0; run < Math.min(WARM_UP, 2 * runs); run++) {
      change(cycles, table.change(measuring.workload().changes()));
      change(cycles, few());
    }
    if (measuring.any(Measurement.INCREMENT_ALL, Measurement.BYTES)) {
      all(cycles, runs);
    }
    if (measuring.any(Measurement.BYTES)) {
      merged(cycles);
    }
    if (measuring.any(Measurement.INCREMENT_FEW)) {
      fewCities(cycles, runs);
    }
  }

  private CorpusTable.Change few() throws Exception {
    return table.changeFew(measuring.workload().fewChanges(), Workload.FEW);
  }

  /** An increment of ours after one of the peer's; each finds the same rows. */
  private @Nullable Double peer(CorpusTable.Change change, Samples bytes) throws Exception {
    if (sphinx.isEmpty()) {
      return null;
    }
    long before = ProcessFigures.writtenBytes();
    Duration took = sphinx.get().increment(change);
    bytes.add((double) (ProcessFigures.writtenBytes() - before) / change.textBytes());
    return seconds(took);
  }

  private void all(Cycles cycles, int runs) throws Exception {
    Samples took = new Samples();
    Samples bytes = new Samples();
    Samples peerBytes = new Samples();
    for (int run = 0; run < runs; run++) {
      CorpusTable.Change change = table.change(measuring.workload().changes());
      Double peer = peer(change, peerBytes);
      long before = ProcessFigures.writtenBytes();
      took.add(seconds(cycles.publish()), peer);
      long written = ProcessFigures.writtenBytes() - before;
      bytes.add(
          (double) written / change.textBytes(), sphinx.isPresent() ? peerBytes.last() : null);
      cycles.untilIdle();
    }
    if (measuring.any(Measurement.INCREMENT_ALL)) {
      measuring.found(
          took.figure(
              Measurement.INCREMENT_ALL.text(),
              "%,d changes in %d cities, poll to published and synced"
                  .formatted(measuring.workload().changes(), measuring.workload().cities()),
              "s",
              Figure.Target.atMost(ALL_SECONDS)));
    }
    if (measuring.any(Measurement.BYTES)) {
      measuring.found(
          bytes.figure(
              Measurement.BYTES.text(),
              "written for a byte of changed text, before merges",
              "bytes",
              Figure.Target.atMost(BYTES_FRESH)));
    }
  }

  /** Everything that is written over many increments, merges and their publication included. */
  private void merged(Cycles cycles) throws Exception {
    long text = 0;
    long before = ProcessFigures.writtenBytes();
    int increments = measuring.workload().runs() == 1 ? 1 : UNTIL_MERGED;
    for (int i = 0; i < increments; i++) {
      CorpusTable.Change change = table.change(measuring.workload().changes());
      text += change.textBytes();
      change(cycles, change);
    }
    Samples bytes = new Samples();
    bytes.add((double) (ProcessFigures.writtenBytes() - before) / text);
    measuring.found(
        bytes.figure(
            Measurement.BYTES.text() + ", merged",
            "the same with merges, over %d increments".formatted(increments),
            "bytes",
            Figure.Target.atMost(BYTES_MERGED)));
  }

  private void fewCities(Cycles cycles, int runs) throws Exception {
    Samples took = new Samples();
    for (int run = 0; run < runs; run++) {
      CorpusTable.Change change = few();
      Double peer = peer(change, new Samples());
      took.add(seconds(cycles.publish()), peer);
      cycles.untilIdle();
    }
    measuring.found(
        took.figure(
            Measurement.INCREMENT_FEW.text(),
            "%d changes in %d cities".formatted(measuring.workload().fewChanges(), Workload.FEW),
            "s",
            Figure.Target.atMost(FEW_SECONDS)));
  }

  private static void change(Cycles cycles, CorpusTable.Change change) throws Exception {
    if (change.textBytes() > 0) {
      cycles.publish();
      cycles.untilIdle();
    }
  }

  /** A cycle each second, before which one or two documents of each city have changed. */
  private void operate(Cycles cycles) throws Exception {
    int seconds = measuring.workload().seconds();
    Samples took = new Samples();
    Duration cpu = ProcessFigures.cpu();
    long start = time.nanoTime();
    for (int second = 1; second <= seconds; second++) {
      table.changeEverywhere();
      took.add(seconds(cycles.publish()));
      Duration left = SECOND.multipliedBy(second).minus(time.since(start));
      if (left.isPositive()) {
        time.sleep(left);
      }
    }
    double cores = seconds(ProcessFigures.cpu().minus(cpu)) / seconds(time.since(start));
    String name = Measurement.OPERATING_POINT.text();
    Samples slowest = new Samples();
    slowest.add(took.highest());
    measuring.found(
        slowest.figure(
            name + ", slowest",
            "of %d cycles, 1 to 2 changes in each of %d cities every second"
                .formatted(seconds, measuring.workload().cities()),
            "s",
            Figure.Target.atMost(CYCLE_SECONDS)));
    measuring.found(took.figure(name + ", median", "the same", "s", null));
    Samples used = new Samples();
    used.add(cores);
    measuring.found(
        used.figure(
            name + ", CPU",
            "of the process, with what makes the changes and with merges",
            "cores",
            Figure.Target.atMost(CORES)));
  }
}
