package freshet.replicator.pull;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How quickly this slave fetches, and how quickly it merges, as it was measured lately. Remembered
 * in a file, written once a minute at most, so that a restart does not begin anew. Thread-safe.
 */
public final class Speeds {
  private static final Logger LOG = LoggerFactory.getLogger(Speeds.class);
  private static final Duration KEEP_EVERY = Duration.ofMinutes(1);

  private final Time time;
  private final @Nullable Path file;
  private Measured measured = new Measured(Throughput.NONE, Throughput.NONE);
  private Instant kept = Instant.EPOCH;

  /** What is kept. */
  private record Measured(Throughput fetch, Throughput replay) {}

  /** Remembered by this process alone. */
  public Speeds(Time time) {
    this.time = time;
    this.file = null;
  }

  private Speeds(Time time, Path file) {
    this.time = time;
    this.file = file;
  }

  /** Remembered in a file. One that can't be read counts as none. */
  static Speeds in(Path file, Time time) {
    Speeds speeds = new Speeds(time, file);
    try {
      speeds.measured =
          SnapshotCodec.read(Files.readAllBytes(file), Measured.class, file.toString());
    } catch (NoSuchFileException e) {
      LOG.debug("nothing was measured before", e);
    } catch (FormatException e) {
      LOG.info("{}; speeds are measured anew", e.getMessage());
    } catch (IOException e) {
      LOG.info("{} can't be read: {}; speeds are measured anew", file, e.toString());
    }
    return speeds;
  }

  /** The moment that something begins that is measured. */
  long start() {
    return time.nanoTime();
  }

  /** So many bytes of files were fetched since then. */
  synchronized void fetched(long bytes, long start) {
    Throughput fetch = measured.fetch.with(bytes, time.since(start), time.now());
    take(new Measured(fetch, measured.replay));
  }

  /** So many bytes of files were merged since then. */
  synchronized void replayed(long bytes, long start) {
    Throughput replay = measured.replay.with(bytes, time.since(start), time.now());
    take(new Measured(measured.fetch, replay));
  }

  /** Bytes a second that are fetched; empty if not known. */
  public synchronized OptionalDouble fetch() {
    return measured.fetch.bytesPerSecond(time.now());
  }

  /** Bytes a second that are merged; empty if not known. */
  public synchronized OptionalDouble replay() {
    return measured.replay.bytesPerSecond(time.now());
  }

  private void take(Measured now) {
    if (now.equals(measured)) {
      return;
    }
    measured = now;
    Instant today = time.now();
    if (file == null || today.isBefore(kept.plus(KEEP_EVERY))) {
      return;
    }
    kept = today;
    try {
      DurableFiles.write(file, SnapshotCodec.write(now));
    } catch (IOException e) {
      LOG.debug("measured speeds are not remembered", e);
    }
  }
}
