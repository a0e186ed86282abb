package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.pull.Prefetcher;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.Puller;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Workers;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Path;
import java.time.Duration;

/** A slave without its process: it pulls over HTTP, fetches ahead, and serves its store on. */
final class ChainedSlave implements AutoCloseable {
  final LocalRepository store;
  final Puller puller;
  final Prefetcher prefetcher;
  final Served served;
  private final StopSignal stop = new StopSignal();
  private final RemoteRepository remote;
  private final Thread thread;

  ChainedSlave(Path root, String url, PullOptions options) throws Exception {
    store = new LocalRepository(new RepositoryLayout(root));
    remote = RemoteRepository.open(url, RemoteOptions.defaults(), new SystemTime());
    puller = new Puller(remote, store, options, new SystemTime(), stop, unused -> {});
    prefetcher = new Prefetcher(remote, store, options, stop, puller::isPulling, puller.replays());
    thread = Workers.thread("prefetch", prefetcher::run);
    thread.start();
    served = Served.of(store, ServeLimits.DEFAULT);
  }

  /** As the daemon does when it hears of something new. */
  PullOutcome pull() throws Exception {
    PullOutcome outcome = puller.pull(Duration.ZERO);
    served.snapshots().latestChanged();
    prefetcher.follow(outcome);
    return outcome;
  }

  PullOutcome.Installed pullsNew() throws Exception {
    PullOutcome outcome = pull();
    assertThat(outcome).isInstanceOf(PullOutcome.Installed.class);
    return (PullOutcome.Installed) outcome;
  }

  @Override
  public void close() {
    stop.request();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    served.close();
    remote.close();
  }
}
