package freshet.replicator.remote;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A repository behind an rsync daemon, read by this system's rsync. It decides nothing: it is asked
 * for one file from one place on, or for several small ones, and what it brings is verified like
 * any other bytes. Whose clock wrote the files is not known.
 */
final class RsyncRemote implements RemoteRepository {
  private static final Logger LOG = LoggerFactory.getLogger(RsyncRemote.class);
  private static final int MAX_POINTER_BYTES = 1 << 20;

  /** Longer than any file takes: another process may be at work in the same folder. */
  private static final Duration LEFT_BEHIND = Duration.ofDays(1);

  private final String base;
  private final RemoteOptions options;
  private final Time time;
  private final BodyWatchdog watchdog;
  private final LongAdder received = new LongAdder();
  private final AtomicBoolean isClosed;

  RsyncRemote(URI base, RemoteOptions options, Time time) {
    this(base.toString(), options, time, new BodyWatchdog(options, time), new AtomicBoolean());
    try {
      RsyncRun.removeLeftovers(options.access().scratch(), time.now().minus(LEFT_BEHIND));
    } catch (IOException e) {
      LOG.warn(
          "what killed processes left in {} stays: {}", options.access().scratch(), e.toString());
    }
  }

  private RsyncRemote(
      String base,
      RemoteOptions options,
      Time time,
      BodyWatchdog watchdog,
      AtomicBoolean isClosed) {
    this.base = base;
    this.options = options;
    this.time = time;
    this.watchdog = watchdog;
    this.isClosed = isClosed;
  }

  @Override
  public RemoteRepository metered() {
    return new RsyncRemote(base, options, time, watchdog, isClosed);
  }

  /** Checks an address and gives it without a slash at its end. */
  static URI baseOf(String address) {
    URI uri;
    try {
      uri = URI.create(address.replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + address + "' is no URL: " + e.getMessage(), e);
    }
    String user = uri.getRawUserInfo();
    if (uri.getHost() == null
        || uri.getRawPath().length() < 2
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || (user != null && user.contains(":"))) {
      throw new IllegalArgumentException(
          "a remote over rsync is rsync://[user@]host[:port]/module[/path] without a password (that"
              + " is remote.token), not '"
              + address
              + "'");
    }
    return uri;
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
      Duration interval = options.pollInterval();
      try {
        time.sleep(left.compareTo(interval) < 0 ? left : interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RemoteException.Closed(base + ": interrupted");
      }
    }
  }

  @Override
  public byte[] small(String name, long maxBytes) throws RemoteException {
    try (InputStream body = body(name, 0)) {
      byte[] bytes = body.readNBytes(Math.toIntExact(maxBytes + 1));
      if (bytes.length > maxBytes) {
        throw new RemoteException.Unexpected(
            "%s/%s is longer than %d bytes".formatted(base, name, maxBytes), null);
      }
      return bytes;
    } catch (IOException e) {
      throw asRemote(name, e);
    }
  }

  @Override
  public RemoteBody open(String name, long offset, Digest sha256) throws RemoteException {
    try {
      RsyncBody file = start(name, offset);
      InputStream body = watchdog.watch(file, base + "/" + name, received::add);
      try {
        // A file that is not there is known only once rsync has asked for it.
        file.awaitStart();
        return new RemoteBody(offset, body);
      } catch (IOException e) {
        body.close();
        throw e;
      }
    } catch (IOException e) {
      throw asRemote(name, e);
    }
  }

  /** What came before a run was lost is an answer too: the rest is asked for again. */
  @Override
  public Optional<RemoteBundle> bundle(List<String> names, int maxFileBytes)
      throws RemoteException {
    failIfClosed();
    try {
      RsyncFiles files = RsyncFiles.start(base, names, maxFileBytes, options, time);
      try {
        return Optional.of(arrived(files, names, maxFileBytes));
      } finally {
        files.delete();
      }
    } catch (IOException e) {
      throw asRemote(names.getFirst(), e);
    }
  }

  private RemoteBundle arrived(RsyncFiles files, List<String> names, int maxFileBytes)
      throws IOException {
    try (InputStream bytes = watchdog.watch(files, base, received::add)) {
      bytes.transferTo(OutputStream.nullOutputStream());
    } catch (RemoteException.Lost | RemoteException.Stalled e) {
      RemoteBundle some = files.arrived(names, maxFileBytes);
      if (some.isEmpty()) {
        throw e;
      }
      return some;
    }
    return files.arrived(names, maxFileBytes);
  }

  @Override
  public Optional<ClockEstimate> clock() {
    return Optional.empty();
  }

  @Override
  public long bytesReceived() {
    return received.sum();
  }

  @Override
  public String address() {
    return base;
  }

  @Override
  public void close() {
    isClosed.set(true);
    watchdog.close();
  }

  private RemotePointer look(@Nullable String knownTag) throws RemoteException {
    long start = time.nanoTime();
    byte[] bytes;
    try {
      bytes = small(RepositoryLayout.LATEST, MAX_POINTER_BYTES);
    } catch (RemoteException.NotFound e) {
      return new RemotePointer.Absent(new Receipt(time.now(), time.since(start), null));
    }
    Receipt receipt = new Receipt(time.now(), time.since(start), null);
    String tag = '"' + Digest.of(bytes).hex() + '"';
    return tag.equals(knownTag)
        ? new RemotePointer.Unchanged(receipt)
        : new RemotePointer.Offered(
            HttpRemote.text(bytes, base + "/" + RepositoryLayout.LATEST), tag, receipt);
  }

  private InputStream body(String name, long offset) throws IOException {
    return watchdog.watch(start(name, offset), base + "/" + name, received::add);
  }

  private RsyncBody start(String name, long offset) throws IOException {
    failIfClosed();
    return RsyncBody.start(base + "/" + name, offset, options, time);
  }

  private void failIfClosed() throws RemoteException.Closed {
    if (isClosed.get()) {
      throw new RemoteException.Closed(base + ": the remote was closed here");
    }
  }

  private RemoteException asRemote(String name, IOException e) {
    if (isClosed.get()) {
      return new RemoteException.Closed(base + ": the remote was closed here");
    }
    return e instanceof RemoteException remote
        ? remote
        : new RemoteException.Lost("%s/%s: %s".formatted(base, name, e), e);
  }
}
