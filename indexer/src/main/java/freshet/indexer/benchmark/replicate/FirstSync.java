package freshet.indexer.benchmark.replicate;

import static freshet.indexer.benchmark.build.Samples.seconds;

import freshet.indexer.benchmark.build.ContentCheck;
import freshet.indexer.benchmark.build.Figure;
import freshet.indexer.benchmark.build.Figure.Target;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.benchmark.build.Samples;
import freshet.replicator.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A slave that has nothing yet, of a daemon that is warm: everything is fetched, verified and
 * switched to. Once where syncing costs nothing, and once on the disk.
 */
final class FirstSync {
  private static final double RATIO = 1.2;
  private static final double MEGABYTE = 1e6;

  /**
   * Runs that don't count: daemons and caches are warm after them. After 3 a slave's code still
   * took half as long again as after 20, and from then on no less.
   */
  private static final int WARM_UP = 20;

  /** A file system in memory. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Rows rows;
  private final MasterFolder folder;
  private final MasterProcess master;

  FirstSync(Rows rows, MasterFolder folder, MasterProcess master) {
    this.rows = rows;
    this.folder = folder;
    this.master = master;
  }

  void run() throws Exception {
    List<String> names = SnapshotFiles.of(folder.repository());
    Path list = rows.folder().resolve("first-sync.txt");
    Files.write(list, names);
    String what =
        "%.0f MB in %,d files over loopback, verified and switched"
            .formatted(megabytes(names), names.size());
    if (Files.isWritable(MEMORY)) {
      Path memory = Files.createTempDirectory(MEMORY, "freshet-benchmark-");
      try {
        tell(Row.FIRST_SYNC.text(), what + ", without what syncing costs", memory, list, RATIO);
      } finally {
        DurableFiles.deleteTree(memory);
      }
    }
    tell(Row.FIRST_SYNC.text() + ", synced", what + " and synced", rows.folder(), list, null);
  }

  private void tell(String name, String what, Path at, Path list, @Nullable Double ratio)
      throws Exception {
    Samples took = new Samples();
    double first = 0;
    Path copy = at.resolve("first-sync-rsync");
    for (int run = -WARM_UP; run < rows.workload().runs(); run++) {
      DurableFiles.deleteTree(copy);
      Mirror mirror = new Mirror(copy, List.of("-r", "--files-from=" + list), rows.time());
      Double peer =
          rows.peers().hasRsync()
              ? seconds(mirror.update(folder.repository().layout().root()).took())
              : null;
      try (BenchmarkSlave slave =
          new BenchmarkSlave(
              master.port(),
              at.resolve("first-sync-store"),
              rows.workload().replay(),
              rows.time())) {
        long start = rows.time().nanoTime();
        slave.pull(Duration.ZERO);
        double pulled = seconds(rows.time().since(start));
        if (run >= 0) {
          took.add(pulled, peer);
        } else if (run == -WARM_UP) {
          first = pulled;
        }
        if (run == rows.workload().runs() - 1) {
          ContentCheck.pass(folder, slave.store());
        }
      }
    }
    DurableFiles.deleteTree(copy);
    Figure.Target target = ratio == null ? null : Target.ratioAtMost(ratio);
    String told = String.format(Locale.ROOT, "%s; before code was warm %.2f s", what, first);
    rows.found(took.figure(name, told, "s", target));
  }

  private double megabytes(List<String> names) throws IOException {
    long bytes = 0;
    for (String name : names) {
      bytes += Files.size(folder.repository().layout().resolve(name));
    }
    return bytes / MEGABYTE;
  }
}
