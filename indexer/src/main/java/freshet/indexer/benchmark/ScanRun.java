package freshet.indexer.benchmark;

import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.scan.KeyRange;
import freshet.indexer.scan.ScanOptions;
import freshet.indexer.scan.SqlTableScan;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.SourceOptions;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A scan of the whole table, in two ranges at once, as a rebuild reads it. */
final class ScanRun {
  private static final int RANGES = 2;

  /**
   * What a scan took.
   *
   * @param duration of splitting and reading
   * @param rows that were read
   */
  record Result(Duration duration, int rows) {}

  private ScanRun() {}

  static Result of(
      SourceOptions options, Supplier<Sessions> sessions, Quarantine quarantine, Time time)
      throws SourceException {
    ScanOptions scanned =
        new ScanOptions(options, ListingsServer.schema(), ScanOptions.DEFAULT_PATIENCE);
    AtomicInteger rows = new AtomicInteger();
    long start = time.nanoTime();
    try (SqlTableScan scan =
            new SqlTableScan(scanned, sessions, time, new StopSignal(), quarantine);
        ExecutorService threads = Workers.fixed("scan", RANGES)) {
      List<Future<?>> reads = new ArrayList<>();
      for (KeyRange range : scan.split(RANGES)) {
        reads.add(
            threads.submit(
                () -> {
                  scan.read(range, (page, last) -> rows.addAndGet(page.size()));
                  return null;
                }));
      }
      for (Future<?> read : reads) {
        read.get();
      }
      return new Result(time.since(start), rows.get());
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("the scan failed", e);
    }
  }
}
