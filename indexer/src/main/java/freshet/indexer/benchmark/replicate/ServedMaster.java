package freshet.indexer.benchmark.replicate;

import freshet.indexer.app.Master;
import freshet.indexer.benchmark.build.Cycles;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import java.io.IOException;
import java.util.Random;

/** A master in this process whose cycles are run one by one, and the server of its repository. */
final class ServedMaster implements AutoCloseable {
  private final Cycles cycles;
  private final Master master;
  private final SnapshotServer snapshots;
  private final HttpServer http;

  /** What is done after each generation. */
  interface Published {
    void then() throws Exception;
  }

  private ServedMaster(Master master, SnapshotServer snapshots, HttpServer http, Time time) {
    this.master = master;
    this.cycles = new Cycles(master, time);
    this.snapshots = snapshots;
    this.http = http;
  }

  static ServedMaster start(MasterFolder folder, Time time) throws Exception {
    Master master = folder.open(time);
    SnapshotServer snapshots =
        SnapshotServer.start(
            folder.repository(), ServeOptions.DEFAULT, ServeLimits.DEFAULT, time, new Random(1));
    HttpServer http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            HttpSecurity.NONE,
            snapshots.routes(),
            time,
            "benchmark");
    return new ServedMaster(master, snapshots, http, time);
  }

  int port() {
    return http.port();
  }

  /** A cycle that has something to publish. */
  void publish() throws Exception {
    cycles.publish();
    snapshots.latestChanged();
  }

  /** Publishes everything that there is, merges last. */
  void untilIdle(Published published) throws Exception {
    boolean hasMore = true;
    while (hasMore) {
      hasMore = cycles.step();
      told(published);
      cycles.finishMerges();
      told(published);
    }
  }

  private void told(Published published) throws Exception {
    snapshots.latestChanged();
    published.then();
  }

  @Override
  public void close() throws IOException {
    snapshots.close();
    http.close();
    master.close();
  }
}
