package freshet.replicator.serve;

import freshet.replicator.http.Route;
import freshet.replicator.lease.LeaseFolder;
import freshet.replicator.lease.LeaseKeeper;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one repository through an {@link freshet.replicator.http.HttpServer} that is given {@link
 * #routes()}. It watches LATEST, whoever moves it, and answers long polls when it has moved; what
 * it serves as LATEST it can serve completely. Close it before the HTTP server: that ends the long
 * polls. Thread-safe.
 */
public final class SnapshotServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotServer.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final LocalRepository repository;
  private final ServeOptions options;
  private final Time time;
  private final ServedFiles files;
  private final LatestNotice latest = new LatestNotice();
  private final FleetView fleet;
  private final PreparedMerges prepared;
  private final CompressedFiles compressed;
  private final Transfers transfers;
  private final LeaseKeeper leases;
  private final StopSignal stop = new StopSignal();
  private @Nullable Look last;

  /** What went wrong at the last look that failed, so that it is said once. */
  private @Nullable String failure;

  private SnapshotServer(
      LocalRepository repository,
      ServeOptions options,
      ServeLimits limits,
      Time time,
      RandomGenerator random) {
    this.repository = repository;
    this.options = options;
    this.time = time;
    this.files = new ServedFiles(repository);
    this.fleet = new FleetView(options.maxSlaves(), options.slaveExpiry());
    this.prepared = new PreparedMerges(options.maxSlaves(), options.slaveExpiry());
    this.compressed = new CompressedFiles(limits.compressedBytes(), time);
    this.transfers = new Transfers(limits, time, random);
    this.leases = new LeaseKeeper(repository.layout(), time);
  }

  /**
   * Starts to watch a repository, which need not have a LATEST yet.
   *
   * @param random by which those who are not admitted are told when to come back
   */
  public static SnapshotServer start(
      LocalRepository repository,
      ServeOptions options,
      ServeLimits limits,
      Time time,
      RandomGenerator random) {
    SnapshotServer server = new SnapshotServer(repository, options, limits, time, random);
    server.awaitHolders();
    server.latestChanged();
    Workers.thread("watch-latest", server::watch).start();
    return server;
  }

  /** Those who were fetching when an earlier server ended get the time to come back. */
  private void awaitHolders() {
    try {
      new LeaseFolder(repository.layout()).serverBegins(time.now());
    } catch (IOException e) {
      LOG.warn(
          "{} can't be written, so that what slaves were fetching may be collected before they come back: {}",
          repository.layout().serving(),
          e.toString());
    }
  }

  /** The paths that it answers: LATEST, the repository's files, the slaves' reports. */
  public List<Route> routes() {
    return new SnapshotRoutes(
            latest, files, compressed, transfers, fleet, prepared, leases, options, time)
        .all();
  }

  /** What slaves reported. */
  public FleetView fleet() {
    return fleet;
  }

  /** Which announced merges slaves have already. */
  public PreparedMerges prepared() {
    return prepared;
  }

  /** What serving takes at the moment. */
  public TransferStatus transfers() {
    return transfers.status();
  }

  /** By what it hears here it slows down and recovers. */
  public HandshakeWatch handshakes() {
    return transfers;
  }

  /** How many long polls wait for the next LATEST. */
  public int waiting() {
    return latest.waiting();
  }

  /** Looks at LATEST now: a publisher or a pull in this process has moved it. */
  public void latestChanged() {
    lock.lock();
    try {
      look();
    } catch (IOException | RuntimeException e) {
      // What was served stays served; the next look tries again.
      last = null;
      if (!e.toString().equals(failure)) {
        failure = e.toString();
        LOG.warn("{} can't be served: {}", repository.layout().latest(), failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops watching and answers all long polls. */
  @Override
  public void close() {
    stop.request();
    latest.close();
  }

  /** What a look at LATEST's file found, to know whether the next one finds another. */
  private record Look(Object key, Object modified, long size) {
    static Look of(BasicFileAttributes attributes) {
      return new Look(
          String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
    }
  }

  private void watch() {
    try {
      while (!stop.await(options.watchEvery())) {
        latestChanged();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException {
    Look now;
    byte[] bytes;
    try {
      now = Look.of(Files.readAttributes(repository.layout().latest(), BasicFileAttributes.class));
      if (now.equals(last)) {
        return;
      }
      bytes = Files.readAllBytes(repository.layout().latest());
    } catch (NoSuchFileException e) {
      last = null;
      if (latest.current().isPresent()) {
        LOG.warn("{} is gone", repository.layout().latest());
        latest.set(null);
      }
      return;
    }
    Optional<LatestNotice.Latest> served = latest.current();
    if (served.isEmpty() || !Arrays.equals(served.get().bytes(), bytes)) {
      // The files first: nobody hears of a snapshot whose files are not known here yet.
      files.update();
      takeOver(bytes);
      latest.set(LatestNotice.Latest.of(bytes));
    }
    last = now;
    failure = null;
  }

  /**
   * Knows what a new LATEST announces. A copy that was made in the wrong order may have a LATEST
   * before the rest.
   */
  private void takeOver(byte[] bytes) throws IOException {
    String file = repository.layout().latest().toString();
    Advertisement found = PointerCodec.read(bytes, file);
    String name = RepositoryLayout.snapshotName(found.generation());
    Optional<ServedFile> manifest = files.find(name);
    if (manifest.isEmpty() || !manifest.get().digest().equals(found.manifest())) {
      throw new IOException(
          "%s names %s with sha256 %s, which is not here: the repository is being copied, or lacks files"
              .formatted(file, name, found.manifest().brief()));
    }
    files.announce(found);
  }
}
