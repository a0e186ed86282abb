package freshet.indexer.benchmark.replicate;

import static freshet.indexer.benchmark.build.Samples.seconds;

import freshet.indexer.benchmark.build.ContentCheck;
import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Figure;
import freshet.indexer.benchmark.build.Figure.Target;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.benchmark.build.Samples;
import freshet.indexer.benchmark.build.WrongContent;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Workers;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes from the commit in the database until a query of a slave finds the document: a
 * master's daemon with a cycle every second, and a slave that pulls on notice.
 */
final class CommitToSlave {
  private static final double MEDIAN_SECONDS = 1.2;
  private static final double TAIL_SECONDS = 2.5;
  private static final int CHANGES_A_SECOND = 100;
  private static final int TRANSACTIONS_A_SECOND = 20;

  /**
   * Seconds that are told apart: the first cycles of a process, and the first pulls of a slave, are
   * compiled while they run. With 10 s, cycles of 2 s after it were seen.
   */
  private static final int WARM_UP = 30;

  private static final Duration NOTICE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Rows rows;
  private final MasterFolder folder;
  private final MasterProcess master;

  CommitToSlave(Rows rows, MasterFolder folder, MasterProcess master) {
    this.rows = rows;
    this.folder = folder;
    this.master = master;
  }

  void run() throws Exception {
    try (BenchmarkSlave slave =
            new BenchmarkSlave(
                master.port(),
                rows.folder().resolve("commit-to-slave-store"),
                rows.workload().replay(),
                rows.time());
        ExecutorService threads = Workers.virtual("slave")) {
      slave.pull(Duration.ZERO);
      Sightings sightings = new Sightings();
      Future<?> following = threads.submit(() -> follow(slave, sightings));
      int seconds = rows.workload().seconds();
      int first = Math.min(WARM_UP, seconds);
      change(first, sightings);
      Samples cold = samples(sightings);
      sightings.forget();
      change(seconds, sightings);
      sightings.end(Deadline.after(rows.time(), PATIENCE), folder.table()::has);
      following.get();
      if (!sightings.missing().isEmpty()) {
        throw new WrongContent(
            "the slave did not find these documents within %s: %s"
                .formatted(PATIENCE, sightings.missing()));
      }
      ContentCheck.pass(folder, slave.store());
      tell(samples(sightings), first, cold);
    }
  }

  /** Pulls whatever comes, and looks what queries find then. */
  private Void follow(BenchmarkSlave slave, Sightings sightings) throws Exception {
    while (sightings.areWanted()) {
      if (slave.pull(NOTICE).isPresent()) {
        sightings.look(slave, rows.time().nanoTime());
      }
    }
    return null;
  }

  private void change(int seconds, Sightings sightings) throws Exception {
    CorpusTable table = folder.table();
    Duration every = Duration.ofSeconds(1).dividedBy(TRANSACTIONS_A_SECOND);
    long start = rows.time().nanoTime();
    for (int i = 1; i <= seconds * TRANSACTIONS_A_SECOND; i++) {
      CorpusTable.Change change = table.changeAnywhere(CHANGES_A_SECOND / TRANSACTIONS_A_SECOND);
      sightings.await(change, rows.time().nanoTime());
      Duration left = every.multipliedBy(i).minus(rows.time().since(start));
      if (left.isPositive()) {
        rows.time().sleep(left);
      }
    }
  }

  private static Samples samples(Sightings sightings) {
    Samples took = new Samples();
    sightings.took().forEach(one -> took.add(seconds(one)));
    return took;
  }

  private void tell(Samples took, int first, Samples cold) {
    String name = Row.COMMIT_TO_SLAVE.text();
    String what =
        "%d changes a second over %d cities for %d s, commit in the database to searchable"
            .formatted(CHANGES_A_SECOND, folder.table().cities().size(), rows.workload().seconds());
    figure(name + ", p50", what, took.at(0.5), Target.atMost(MEDIAN_SECONDS));
    figure(name + ", p99", "the same", took.at(0.99), Target.atMost(TAIL_SECONDS));
    if (!cold.isEmpty()) {
      String before = "in the %d s before, while code becomes warm".formatted(first);
      figure(name + ", cold, p50", before, cold.at(0.5), null);
      figure(name + ", cold, p99", before, cold.at(0.99), null);
    }
  }

  private void figure(String name, String what, double value, @Nullable Target target) {
    rows.found(new Figure(name, what, value, "s", null, null, target));
  }
}
