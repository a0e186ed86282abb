package freshet.indexer.schedule;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.ClockEstimate;
import freshet.replicator.remote.RemoteBody;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemotePointer;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A folder of which some files take for ever to come, until they are let go. */
record SlowRemote(RemoteRepository folder, String slow, CountDownLatch gate, List<String> opened)
    implements RemoteRepository {

  /** Files whose name contains this are slow. */
  static SlowRemote of(Path root, String slow) {
    return new SlowRemote(
        RemoteRepository.open(root.toString(), RemoteOptions.defaults(), new SystemTime()),
        slow,
        new CountDownLatch(1),
        new CopyOnWriteArrayList<>());
  }

  void letGo() {
    gate.countDown();
  }

  @Override
  public RemotePointer latest(@Nullable String knownTag, Duration wait) throws RemoteException {
    return folder.latest(knownTag, wait);
  }

  @Override
  public byte[] small(String name, long maxBytes) throws RemoteException {
    return folder.small(name, maxBytes);
  }

  @Override
  public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
    opened.add(name);
    try {
      if (name.contains(slow)) {
        gate.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteException.Closed("interrupted");
    }
    return folder.open(name, offset, sha256);
  }

  @Override
  public RemoteRepository metered() {
    return new SlowRemote(folder.metered(), slow, gate, opened);
  }

  @Override
  public long bytesReceived() {
    return folder.bytesReceived();
  }

  @Override
  public Optional<ClockEstimate> clock() {
    return folder.clock();
  }

  @Override
  public String address() {
    return folder.address();
  }

  @Override
  public void close() {
    letGo();
    folder.close();
  }
}
