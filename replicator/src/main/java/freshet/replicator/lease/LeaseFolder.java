package freshet.replicator.lease;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of a repository. Anybody who can write there may hold one.
 *
 * @param layout of the repository
 */
public record LeaseFolder(RepositoryLayout layout) {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseFolder.class);
  private static final String SUFFIX = ".json";

  /** How long a lease lasts where the repository does not say so. */
  public static final Duration DEFAULT_TIME = Duration.ofMinutes(5);

  /** Since when a server is there. */
  record Serving(int format, Instant since) {}

  /** What concerns leases of that which the collector goes by. */
  record Agreed(@Nullable Duration lease) {}

  /** How long a lease lasts in this repository. */
  public Duration time() throws IOException {
    Path file = layout.retention();
    try {
      Duration agreed =
          SnapshotCodec.read(Files.readAllBytes(file), Agreed.class, file.toString()).lease();
      return agreed == null ? DEFAULT_TIME : agreed;
    } catch (NoSuchFileException | FormatException e) {
      return DEFAULT_TIME;
    }
  }

  /** Those that have not ended. */
  public List<Lease> current(Instant now) throws IOException {
    return all().stream().filter(lease -> lease.until().isAfter(now)).toList();
  }

  /** Removes those that ended before. */
  public void forget(Instant before) throws IOException {
    for (Lease lease : all()) {
      if (lease.until().isBefore(before)) {
        remove(lease.holder());
      }
    }
  }

  /**
   * A server begins. While there was none nobody could renew a lease, and of those that were not on
   * the disk yet when the host lost its power nothing is known: for one lease time from now on,
   * over all processes that collect here, {@link #awaits} says that whoever was fetching may come
   * back.
   */
  public void serverBegins(Instant now) throws IOException {
    // Where nothing was ever published nobody fetches, and the folder need not be there.
    if (Files.exists(layout.latest())) {
      DurableFiles.createFolders(layout.control());
      write(layout.serving(), new Serving(Lease.FORMAT, now));
    }
  }

  /**
   * Whether those may still come back who were fetching when the last server began.
   *
   * @param lease how long a lease lasts
   */
  public boolean awaits(Instant now, Duration lease) throws IOException {
    Path file = layout.serving();
    try {
      Instant since =
          SnapshotCodec.read(Files.readAllBytes(file), Serving.class, file.toString()).since();
      return !now.isBefore(since) && now.isBefore(since.plus(lease));
    } catch (NoSuchFileException | FormatException e) {
      return false;
    }
  }

  /**
   * Begins or renews a lease. Atomic, but not forced to disk: after a loss of power the server
   * begins anew, and its holder renews it within the time that it is given then.
   */
  void write(Lease lease) throws IOException {
    DurableFiles.createFolders(layout.leases());
    write(file(lease.holder()), lease);
  }

  private static void write(Path file, Record content) throws IOException {
    Path temporary = DurableFiles.temporaryFor(file);
    try {
      Files.write(temporary, SnapshotCodec.write(content));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Ends a lease. */
  void remove(String holder) throws IOException {
    Files.deleteIfExists(file(holder));
  }

  private Path file(String holder) {
    return layout.leases().resolve(holder + SUFFIX);
  }

  /** One that can't be read holds nothing, and is removed. */
  private List<Lease> all() throws IOException {
    List<Lease> leases = new ArrayList<>();
    for (Path file : list()) {
      try {
        leases.add(SnapshotCodec.read(Files.readAllBytes(file), Lease.class, file.toString()));
      } catch (NoSuchFileException e) {
        LOG.trace("{} was released meanwhile", file);
      } catch (FormatException e) {
        LOG.warn("{}; it is removed, its holder makes it anew as it gets on", e.getMessage());
        Files.deleteIfExists(file);
      }
    }
    return leases;
  }

  private List<Path> list() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(layout.leases(), "*" + SUFFIX)) {
      all.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }
}
