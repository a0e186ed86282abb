package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.ContentCheck;
import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Figure;
import freshet.indexer.benchmark.build.Figure.Target;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.replicator.pull.PullReport;
import java.time.Duration;
import java.util.Optional;

/** What goes over the wire where one or two documents of every city change each second. */
final class WireSeconds {
  private static final double BYTES = 5;
  private static final double REQUESTS = 3;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Rows rows;
  private final MasterFolder folder;

  WireSeconds(Rows rows, MasterFolder folder) {
    this.rows = rows;
    this.folder = folder;
  }

  void run() throws Exception {
    CorpusTable table = folder.table();
    String name = Row.WIRE_SECONDS.text();
    try (ServedMaster master = ServedMaster.start(folder, rows.time());
        SharedLink link = SharedLink.unlimited(rows.time());
        BenchmarkSlave slave =
            new BenchmarkSlave(
                link.portTo(master.port()),
                rows.folder().resolve(name + "-store"),
                rows.workload().replay(),
                rows.time())) {
      master.untilIdle(() -> slave.pull(Duration.ZERO));
      long text = 0;
      long requests = 0;
      int generations = 0;
      long before = link.bytes();
      long start = rows.time().nanoTime();
      for (int second = 1; second <= rows.workload().seconds(); second++) {
        text += table.changeEverywhere().textBytes();
        master.publish();
        Optional<PullReport> report = slave.pull(Duration.ZERO);
        // The question for LATEST is one too.
        requests += 1 + report.map(PullReport::requests).orElse(0L);
        generations += report.isPresent() ? 1 : 0;
        Duration left = SECOND.multipliedBy(second).minus(rows.time().since(start));
        if (left.isPositive()) {
          rows.time().sleep(left);
        }
      }
      double bytes = (double) (link.bytes() - before) / text;
      master.untilIdle(() -> slave.pull(Duration.ZERO));
      ContentCheck.pass(folder, slave.store());
      rows.found(
          new Figure(
              name,
              "on the wire for a byte of changed text, 1 to 2 changes in each of %d cities every second, for %d s"
                  .formatted(table.cities().size(), rows.workload().seconds()),
              bytes,
              "bytes",
              null,
              null,
              Target.atMost(BYTES)));
      rows.found(
          new Figure(
              name + ", requests",
              "for a generation, on average",
              (double) requests / generations,
              "",
              null,
              null,
              Target.atMost(REQUESTS)));
    }
  }
}
