package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteBundle;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one pull asks of the remote: counts it, waits where the remote says that it is busy, and
 * ends it when a stop is requested or another part of the pull has failed. Thread-safe.
 */
final class Traffic {
  /** Holds this traffic up for as long as more urgent traffic is under way. */
  interface Precedence {
    void await() throws PullException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

  /** How long one file waits for a place at a busy remote, before the pull is given up. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Asks the remote. */
  private interface Question<T> {
    T ask() throws RemoteException;
  }

  private final RemoteRepository remote;
  private final StopSignal stop;
  private final Precedence precedence;
  private final AtomicBoolean isHalted = new AtomicBoolean();
  private final LongAdder requests = new LongAdder();
  private final AtomicBoolean hasSaidBusy = new AtomicBoolean();

  Traffic(RemoteRepository remote, StopSignal stop) {
    this(remote, stop, () -> {});
  }

  /** One that gives way. */
  Traffic(RemoteRepository remote, StopSignal stop, Precedence precedence) {
    this.remote = remote.metered();
    this.stop = stop;
    this.precedence = precedence;
  }

  byte[] small(String name, long maxBytes) throws RemoteException, PullException {
    return admitted(() -> remote.small(name, maxBytes));
  }

  RemoteBody open(String name, long offset, Digest sha256) throws RemoteException, PullException {
    return admitted(() -> remote.open(name, offset, sha256));
  }

  /** Several small files in one answer; empty if the remote can't do that. */
  Optional<RemoteBundle> bundle(List<String> names, int maxFileBytes)
      throws RemoteException, PullException {
    return admitted(() -> remote.bundle(names, maxFileBytes));
  }

  /** To be called between two parts of a body: waits while it has to give way. */
  void giveWay() throws PullException {
    precedence.await();
    failIfHalted();
  }

  void failIfHalted() throws PullException {
    if (stop.isRequested() || isHalted.get()) {
      throw new PullException.Stopped("the pull was asked to stop", null);
    }
  }

  /** Ends what other threads are doing for this pull. */
  void halt() {
    isHalted.set(true);
  }

  /** The same, where this one has been halted. */
  Traffic afresh() {
    return new Traffic(remote, stop);
  }

  String address() {
    return remote.address();
  }

  long requests() {
    return requests.sum();
  }

  long bytes() {
    return remote.bytesReceived();
  }

  private <T> T admitted(Question<T> question) throws RemoteException, PullException {
    Duration waited = Duration.ZERO;
    while (true) {
      failIfHalted();
      requests.increment();
      try {
        return question.ask();
      } catch (RemoteException.Busy e) {
        Duration wait = e.retryAfter();
        if (wait.isZero() || wait.compareTo(LONGEST_WAIT) > 0 || waited.compareTo(PATIENCE) > 0) {
          throw e;
        }
        if (hasSaidBusy.compareAndSet(false, true)) {
          LOG.info(
              "{}: it is busy; asked again in {} s, as it wants", e.getMessage(), wait.toSeconds());
        }
        await(wait);
        waited = waited.plus(wait);
      }
    }
  }

  private void await(Duration wait) throws PullException {
    try {
      stop.await(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PullException.Stopped("the pull was interrupted", e);
    }
  }
}
