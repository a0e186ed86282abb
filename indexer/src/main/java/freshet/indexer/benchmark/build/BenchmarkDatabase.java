package freshet.indexer.benchmark.build;

import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.EmbeddedMariaDb;
import freshet.indexer.embedded.ServerOptions;
import freshet.replicator.runtime.Time;

/** The database that is measured with: its syncs to disk would disturb what is measured. */
public final class BenchmarkDatabase {
  private BenchmarkDatabase() {}

  /** Starts it. */
  public static DatabaseServer start(Time time) {
    return EmbeddedMariaDb.start(
        ServerOptions.temporary(1)
            .withBufferPool("512M")
            .withConfiguration("skip_log_bin", "innodb_flush_log_at_trx_commit=0"),
        time);
  }
}
