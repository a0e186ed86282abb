package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.StopSignal;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one pull asks of the remote: counts it, and ends it when a stop is requested or another part
 * of the pull has failed. Thread-safe.
 */
final class Traffic {
  /** Holds this traffic up for as long as more urgent traffic is under way. */
  interface Precedence {
    void await() throws PullException;
  }

  private final RemoteRepository remote;
  private final StopSignal stop;
  private final Precedence precedence;
  private final AtomicBoolean isHalted = new AtomicBoolean();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  Traffic(RemoteRepository remote, StopSignal stop) {
    this(remote, stop, () -> {});
  }

  /** One that gives way. */
  Traffic(RemoteRepository remote, StopSignal stop, Precedence precedence) {
    this.remote = remote;
    this.stop = stop;
    this.precedence = precedence;
  }

  byte[] small(String name, long maxBytes) throws RemoteException, PullException {
    failIfHalted();
    requests.increment();
    byte[] small = remote.small(name, maxBytes);
    bytes.add(small.length);
    return small;
  }

  RemoteBody open(String name, long offset, Digest sha256) throws RemoteException, PullException {
    failIfHalted();
    requests.increment();
    return remote.open(name, offset, sha256);
  }

  /** So many bytes of a body came. */
  void received(int count) throws PullException {
    bytes.add(count);
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

  String address() {
    return remote.address();
  }

  long requests() {
    return requests.sum();
  }

  long bytes() {
    return bytes.sum();
  }
}
