package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Figure;
import freshet.indexer.benchmark.build.Figure.Target;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Slaves clone over a link of 10 MB/s that the master's connections to its database share: the old
 * story, and how it ends.
 */
final class DatabaseGuard {
  private static final double OFF_TIMES = 10;
  private static final double ON_TIMES = 2;
  private static final double TAIL = 0.99;
  private static final long BYTES_PER_SECOND = 10_000_000;

  /** On the way before a sender notices: 400 ms, as routers have it. */
  private static final int BUFFER_BYTES = 4_000_000;

  private static final Duration DELAY = Duration.ofMillis(15);

  /** Until the master has measured a few handshakes of its own. */
  private static final Duration QUIET = Duration.ofSeconds(6);

  private static final String FAILURES = "freshet_source_failures_total";

  private final List<String> indexer;
  private final CorpusTable table;
  private final Configured configured;
  private final int slaves;
  private final Time time;

  /** Gives a master of a table a configuration. */
  interface Configured {
    MasterFolder with(int databasePort, String sections) throws Exception;
  }

  /**
   * What a run showed.
   *
   * @param idle while nothing was sent
   * @param busy while slaves were cloning
   * @param failedPolls connections and queries of the master that failed
   * @param current slaves that have all of the newest snapshot
   * @param took until they had
   */
  record Outcome(
      GreetingTimes idle, GreetingTimes busy, double failedPolls, int current, Duration took) {

    /** The 99th percentile while slaves are cloning, beside the median while nothing is sent. */
    double times() {
      return busy.millis(TAIL) / idle.millis(0.5);
    }

    String text() {
      return "greeting %.0f ms, p99 %.0f, while cloning %.0f, p99 %.0f ms (%d of %d failed), %,d s"
          .formatted(
              idle.millis(0.5),
              idle.millis(TAIL),
              busy.millis(0.5),
              busy.millis(TAIL),
              busy.failures(),
              busy.count() + busy.failures(),
              took.toSeconds());
    }
  }

  DatabaseGuard(
      List<String> indexer, CorpusTable table, Configured configured, int slaves, Time time) {
    this.indexer = List.copyOf(indexer);
    this.table = table;
    this.configured = configured;
    this.slaves = slaves;
    this.time = time;
  }

  /** Measures both, and tells. */
  static void tell(Rows rows, CorpusTable table) throws Exception {
    DatabaseGuard guard =
        new DatabaseGuard(
            rows.indexer(),
            table,
            (port, sections) -> rows.master(table, port, sections),
            rows.workload().slaves(),
            rows.time());
    String name = Row.DATABASE_GUARD.text();
    Outcome off = guard.run(Settings.UNGUARDED);
    boolean hasFailed = off.busy().failures() > 0 || off.failedPolls() > 0;
    rows.found(
        figure(
            name + ", off",
            "p99 of greetings beside an idle one: " + off.text(),
            off.times(),
            hasFailed ? null : Target.atLeast(OFF_TIMES)));
    Outcome on = guard.run(Settings.DAEMON);
    rows.found(
        figure(
            name + ", on",
            "p99 of greetings beside an idle one: " + on.text(),
            on.times(),
            Target.atMost(ON_TIMES)));
    rows.found(
        figure(name + ", on, failed", "of the master's polls", on.failedPolls(), Target.atMost(0)));
    rows.found(
        figure(
            name + ", on, current",
            "of %d slaves".formatted(rows.workload().slaves()),
            on.current(),
            Target.atLeast(rows.workload().slaves())));
  }

  private static Figure figure(String name, String what, double value, @Nullable Target target) {
    return new Figure(name, what, value, "", null, null, target);
  }

  /** Lets slaves clone from a daemon that is configured so. */
  Outcome run(String sections) throws Exception {
    DatabaseServer server = table.server();
    try (SharedLink link = new SharedLink(BYTES_PER_SECOND, BUFFER_BYTES, DELAY, time)) {
      int toDatabase = link.portTo(server.port());
      MasterFolder folder = configured.with(toDatabase, sections);
      try (MasterProcess master = MasterProcess.start(indexer, folder, time);
          Clones clones = new Clones(slaves, link.portTo(master.port()), time)) {
        Greetings greetings = new Greetings(server, toDatabase, time);
        GreetingTimes idle = new GreetingTimes();
        long start = time.nanoTime();
        while (time.since(start).compareTo(QUIET) < 0) {
          greetings.sample(idle);
        }
        GreetingTimes busy = new GreetingTimes();
        start = time.nanoTime();
        List<Future<?>> cloning = clones.fetch(SnapshotFiles.of(folder.repository()));
        while (!areDone(cloning)) {
          greetings.sample(busy);
          table.changeAnywhere(1);
        }
        // There is something new meanwhile, which they get now that nothing changes any more.
        List<Future<?>> following = List.of();
        List<String> newest = List.of();
        for (List<String> now = SnapshotFiles.of(folder.repository());
            !now.equals(newest) || !areDone(following);
            now = SnapshotFiles.of(folder.repository())) {
          if (areDone(following)) {
            newest = now;
            following = clones.fetch(newest);
          }
          greetings.sample(busy);
        }
        return new Outcome(
            idle, busy, master.metric(FAILURES), clones.having(newest), time.since(start));
      }
    }
  }

  private static boolean areDone(List<Future<?>> all) throws Exception {
    for (Future<?> one : all) {
      if (!one.isDone()) {
        return false;
      }
      one.get();
    }
    return true;
  }
}
