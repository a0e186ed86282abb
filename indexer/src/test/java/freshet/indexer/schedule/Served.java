package freshet.indexer.schedule;

import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import java.util.Random;

/** A repository behind HTTP, a master's or a slave's. */
record Served(SnapshotServer snapshots, HttpServer http) implements AutoCloseable {
  static Served of(LocalRepository repository, ServeLimits limits) throws Exception {
    SnapshotServer snapshots =
        SnapshotServer.start(
            repository, ServeOptions.DEFAULT, limits, new SystemTime(), new Random(1));
    HttpServer http =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            HttpSecurity.NONE,
            snapshots.routes(),
            new SystemTime(),
            "test");
    return new Served(snapshots, http);
  }

  String url() {
    return "http://127.0.0.1:" + http.port();
  }

  @Override
  public void close() {
    snapshots.close();
    http.close();
  }
}
