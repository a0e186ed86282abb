package freshet.replicator.remote;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A repository in a folder: a mirror, a mounted share, or the master's own. Whose clock wrote it is
 * not known, so there is no estimate of it. A wait is a look every 100 ms. A share that hangs is
 * given up within the gap that a body may pause.
 */
final class DirectoryRemote implements RemoteRepository {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
  private static final int MAX_POINTER_BYTES = 1 << 20;

  private final RepositoryLayout layout;
  private final Time time;
  private final FileReads reads;
  private final LongAdder received = new LongAdder();
  private final FolderLease lease;
  private final AtomicBoolean isClosed;

  DirectoryRemote(Path root, RemoteOptions options, Time time) {
    this.layout = new RepositoryLayout(root);
    this.time = time;
    this.reads = new FileReads(options.bodyGap());
    this.lease = new FolderLease(layout, options.access().holder(), time);
    this.isClosed = new AtomicBoolean();
  }

  private DirectoryRemote(
      RepositoryLayout layout,
      Time time,
      FileReads reads,
      FolderLease lease,
      AtomicBoolean isClosed) {
    this.layout = layout;
    this.time = time;
    this.reads = reads;
    this.lease = lease;
    this.isClosed = isClosed;
  }

  @Override
  public RemoteRepository metered() {
    return new DirectoryRemote(layout, time, reads, lease, isClosed);
  }

  @Override
  public RemotePointer latest(@Nullable String knownTag, Duration wait) throws RemoteException {
    Deadline deadline = Deadline.after(time, wait);
    while (true) {
      RemotePointer answer = look(knownTag);
      if (answer instanceof RemotePointer.Offered || deadline.isPast()) {
        return answer;
      }
      Duration left = deadline.remaining();
      try {
        time.sleep(left.compareTo(LOOK_INTERVAL) < 0 ? left : LOOK_INTERVAL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RemoteException.Closed(address() + ": interrupted");
      }
    }
  }

  @Override
  public byte[] small(String name, long maxBytes) throws RemoteException {
    failIfClosed();
    Path file = layout.resolve(name);
    try {
      byte[] bytes = reads.call(file.toString(), () -> read(file, Math.toIntExact(maxBytes + 1)));
      received.add(bytes.length);
      if (bytes.length > maxBytes) {
        throw new RemoteException.Unexpected(
            "%s is longer than %d bytes".formatted(file, maxBytes), null);
      }
      return bytes;
    } catch (IOException e) {
      throw asRemote(name, e);
    }
  }

  @Override
  public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
    failIfClosed();
    Path file = layout.resolve(name);
    try {
      InputStream in = reads.call(file.toString(), () -> new Leased(open(file, offset)));
      return new RemoteBody(offset, new FileBody(reads, in, file.toString(), received::add));
    } catch (IOException e) {
      throw asRemote(name, e);
    }
  }

  @Override
  public void fetching(@Nullable Generation generation) {
    lease.on(generation);
    if (generation == null) {
      reads.attempt(
          () -> {
            lease.release();
            return true;
          });
    }
  }

  /** Every read of it renews the lease. */
  private final class Leased extends FilterInputStream {
    Leased(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      lease.renew();
      return super.read(buffer, offset, length);
    }
  }

  private byte[] read(Path file, int atMost) throws IOException {
    lease.renew();
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(atMost);
    }
  }

  private static InputStream open(Path file, long offset) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public long bytesReceived() {
    return received.sum();
  }

  @Override
  public Optional<ClockEstimate> clock() {
    return Optional.empty();
  }

  @Override
  public String address() {
    return layout.root().toString();
  }

  @Override
  public void close() {
    isClosed.set(true);
    reads.close();
  }

  private RemotePointer look(@Nullable String knownTag) throws RemoteException {
    failIfClosed();
    long start = time.nanoTime();
    byte[] bytes;
    try {
      bytes = small(RepositoryLayout.LATEST, MAX_POINTER_BYTES);
    } catch (RemoteException.NotFound e) {
      return absentIn(start);
    }
    Receipt receipt = new Receipt(time.now(), time.since(start), null);
    String tag = '"' + Digest.of(bytes).hex() + '"';
    return tag.equals(knownTag)
        ? new RemotePointer.Unchanged(receipt)
        : new RemotePointer.Offered(
            HttpRemote.text(bytes, layout.latest().toString()), tag, receipt);
  }

  private RemotePointer absentIn(long start) throws RemoteException {
    if (!isMounted()) {
      // An unmounted share must not look like a master that has not published yet.
      throw new RemoteException.Unreachable(
          "there is no folder " + layout.root(), new NoSuchFileException(layout.root().toString()));
    }
    return new RemotePointer.Absent(new Receipt(time.now(), time.since(start), null));
  }

  private boolean isMounted() throws RemoteException {
    try {
      return reads.call(address(), () -> Files.isDirectory(layout.root()));
    } catch (IOException e) {
      throw asRemote("", e);
    }
  }

  private void failIfClosed() throws RemoteException {
    if (isClosed.get()) {
      throw new RemoteException.Closed(address() + ": the remote was closed here");
    }
  }

  private RemoteException asRemote(String name, IOException e) {
    if (e instanceof RemoteException remote) {
      return remote;
    }
    String message = "%s: %s".formatted(layout.resolve(name), e);
    return e instanceof NoSuchFileException
        ? new RemoteException.NotFound(message)
        : new RemoteException.Lost(message, e);
  }
}
