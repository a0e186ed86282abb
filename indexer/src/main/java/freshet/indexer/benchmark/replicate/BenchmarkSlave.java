package freshet.indexer.benchmark.replicate;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.PullReport;
import freshet.replicator.pull.Puller;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.swap.Lease;
import freshet.replicator.swap.SnapshotSwitch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A slave in this process that pulls when it is told to, and switches to what it pulled. */
final class BenchmarkSlave implements AutoCloseable {
  private static final int PARALLEL_FILES = 4;
  private static final int OPENERS = 2;

  private final Path folder;
  private final LocalRepository store;
  private final RemoteRepository remote;
  private final Puller puller;
  private final SnapshotSwitch live;
  private long replayedBytes;

  /** One with an empty store. */
  BenchmarkSlave(int port, Path folder, ReplayMode replay, Time time) throws IOException {
    this.folder = folder;
    DurableFiles.deleteTree(folder);
    DurableFiles.createFolders(folder);
    store = new LocalRepository(new RepositoryLayout(folder));
    remote = RemoteRepository.open("http://127.0.0.1:" + port, RemoteOptions.defaults(), time);
    puller =
        new Puller(
            remote,
            store,
            new PullOptions(PARALLEL_FILES, 0, replay),
            time,
            new StopSignal(),
            unused -> {});
    live = new SnapshotSwitch(store, OPENERS, time);
  }

  LocalRepository store() {
    return store;
  }

  /** Of merged segments that were made here and not fetched. */
  long replayedBytes() {
    return replayedBytes;
  }

  /** The snapshot that queries see. */
  Lease lease() {
    return live.acquire().orElseThrow();
  }

  /**
   * Pulls what is newest; when this returns, queries see it. Empty: there was nothing new.
   *
   * @param wait how long to wait for something new
   */
  Optional<PullReport> pull(Duration wait) throws Exception {
    return switch (puller.pull(wait)) {
      case PullOutcome.Installed installed -> {
        live.switchTo(installed.snapshot(), installed.advertisement());
        replayedBytes += installed.report().bytesReplayed();
        yield Optional.of(installed.report());
      }
      case PullOutcome.UpToDate unused -> Optional.empty();
      case PullOutcome other -> throw new IllegalStateException("nothing was pulled: " + other);
    };
  }

  @Override
  public void close() throws IOException {
    live.close();
    remote.close();
    DurableFiles.deleteTree(folder);
  }
}
