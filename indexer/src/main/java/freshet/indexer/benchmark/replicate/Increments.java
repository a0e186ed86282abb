package freshet.indexer.benchmark.replicate;

import static freshet.indexer.benchmark.build.Samples.seconds;

import freshet.indexer.benchmark.build.ContentCheck;
import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Figure.Target;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.benchmark.build.Samples;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A warm slave that gets an increment of a few cities, or finds nothing new. */
final class Increments {
  private static final double PULL_SECONDS = 0.15;
  private static final double QUIET_MILLIS = 10;
  private static final double QUIET_BYTES = 1_000;
  private static final double MILLIS = 1_000;

  /** Runs that don't count: code and caches are warm after them. */
  private static final int WARM_UP = 10;

  private final Rows rows;
  private final MasterFolder folder;
  private final Path repository;
  private final Optional<Mirror> mirror;

  Increments(Rows rows, MasterFolder folder) {
    this.rows = rows;
    this.folder = folder;
    this.repository = folder.repository().layout().root();
    this.mirror = rows.mirror("increment-rsync", "--no-whole-file", Settings.NO_PACKS);
  }

  void run() throws Exception {
    try (ServedMaster master = ServedMaster.start(folder, rows.time());
        BenchmarkSlave slave =
            new BenchmarkSlave(
                master.port(),
                rows.folder().resolve("increment-store"),
                rows.workload().replay(),
                rows.time())) {
      master.untilIdle(() -> slave.pull(Duration.ZERO));
      rsync();
      Samples took = new Samples();
      int warmUp = Math.min(WARM_UP, 2 * rows.workload().runs());
      for (int run = -warmUp; run < rows.workload().runs(); run++) {
        increment(master, slave, run < 0 ? new Samples() : took);
      }
      if (rows.workload().measures(Row.INCREMENT)) {
        rows.found(
            took.figure(
                Row.INCREMENT.text(),
                "%d changes in %d cities, notice to searchable"
                    .formatted(rows.workload().changesPerCity() * Workload.FEW, Workload.FEW),
                "s",
                Target.atMost(PULL_SECONDS)));
      }
      if (rows.workload().measures(Row.NOTHING_NEW)) {
        nothing(master, slave);
      }
      ContentCheck.pass(folder, slave.store());
    }
  }

  private void increment(ServedMaster master, BenchmarkSlave slave, Samples took) throws Exception {
    CorpusTable table = folder.table();
    table.changeFew(rows.workload().changesPerCity() * Workload.FEW, Workload.FEW);
    master.publish();
    long start = rows.time().nanoTime();
    slave.pull(Duration.ZERO);
    Duration pulled = rows.time().since(start);
    took.add(seconds(pulled), rsync());
    master.untilIdle(() -> slave.pull(Duration.ZERO));
    rsync();
  }

  private @Nullable Double rsync() throws Exception {
    return mirror.isPresent() ? seconds(mirror.get().update(repository).took()) : null;
  }

  private void nothing(ServedMaster master, BenchmarkSlave slave) throws Exception {
    Samples took = new Samples();
    Samples bytes = new Samples();
    for (int run = -WARM_UP; run < rows.workload().runs(); run++) {
      long start = rows.time().nanoTime();
      slave.pull(Duration.ZERO);
      double millis = seconds(rows.time().since(start)) * MILLIS;
      Mirror.Run peer = mirror.isPresent() ? mirror.get().update(repository) : null;
      if (run >= 0) {
        took.add(millis, peer == null ? null : seconds(peer.took()) * MILLIS);
        bytes.add(quietBytes(master), peer == null ? null : (double) peer.bytes());
      }
    }
    String name = Row.NOTHING_NEW.text();
    rows.found(took.figure(name, "one request of a slave", "ms", Target.atMost(QUIET_MILLIS)));
    rows.found(
        bytes.figure(
            name + ", bytes",
            "request and answer, headers included",
            "bytes",
            Target.atMost(QUIET_BYTES)));
  }

  /** Of the one question of a slave that knows the newest pointer. */
  private double quietBytes(ServedMaster master) throws Exception {
    try (SharedLink link = SharedLink.unlimited(rows.time());
        RemoteRepository remote =
            RemoteRepository.open(
                "http://127.0.0.1:" + link.portTo(master.port()),
                RemoteOptions.defaults(),
                rows.time())) {
      if (!(remote.latest(null, Duration.ZERO) instanceof RemotePointer.Offered known)) {
        throw new IllegalStateException("nothing is published");
      }
      long before = link.bytes();
      if (!(remote.latest(known.tag(), Duration.ZERO) instanceof RemotePointer.Unchanged)) {
        throw new IllegalStateException("there is something new");
      }
      return link.bytes() - before;
    }
  }
}
