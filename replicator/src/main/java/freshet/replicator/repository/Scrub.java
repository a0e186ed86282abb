package freshet.replicator.repository;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.Expectations.Expected;
import freshet.replicator.repository.ScrubReport.Bad;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads again every file that a repository's snapshots name, and compares its digest with the one
 * that was taken when it was written: a disk that has lost a bit does not say so by itself. Changes
 * nothing, and may run beside a master.
 */
public final class Scrub {
  private final LocalRepository repository;
  private final long bytesPerSecond;
  private final Time time;

  private final Map<String, Bad> bad = new LinkedHashMap<>();

  /**
   * A scrub.
   *
   * @param bytesPerSecond at most so many are read
   */
  public Scrub(LocalRepository repository, long bytesPerSecond, Time time) {
    this.repository = repository;
    this.bytesPerSecond = bytesPerSecond;
    this.time = time;
  }

  /** Runs once. */
  public ScrubReport run(Consumer<ByteProgress> progress) throws IOException, InterruptedException {
    Expectations expected = Expectations.of(repository);
    expected.bad().forEach(this::report);
    long total = expected.files().values().stream().mapToLong(Expected::length).sum();
    long read = 0;
    long started = time.nanoTime();
    for (Map.Entry<String, Expected> file : expected.files().entrySet()) {
      check(file.getKey(), file.getValue());
      read += file.getValue().length();
      progress.accept(new ByteProgress(read, total));
      pause(read, time.since(started));
    }
    return new ScrubReport(
        expected.snapshots(), expected.files().size(), read, List.copyOf(bad.values()));
  }

  private void check(String name, Expected expected) throws IOException {
    Path path = repository.layout().resolve(name);
    @Nullable Long bytes = expected.length() == 0 ? null : expected.length();
    try {
      Digest found = Digest.ofFile(path);
      if (!found.equals(expected.sha256())) {
        report(new Bad(name, expected.sha256(), found, bytes, "its content has changed"));
      }
    } catch (NoSuchFileException e) {
      // What a collector has removed since, with the manifest that named it, is not missing.
      String manifest = RepositoryLayout.snapshotName(expected.generation());
      if (expected.isRequired() && Files.exists(repository.layout().resolve(manifest))) {
        report(new Bad(name, expected.sha256(), null, bytes, "it is gone"));
      }
    } catch (IOException e) {
      report(Bad.unreadable(name, expected.sha256(), bytes, e));
    }
  }

  private void report(Bad one) {
    bad.putIfAbsent(one.file(), one);
  }

  private void pause(long read, Duration elapsed) throws InterruptedException {
    Duration due =
        Duration.ofMillis(
            (long) (read / (double) bytesPerSecond * Duration.ofSeconds(1).toMillis()));
    if (due.compareTo(elapsed) > 0) {
      time.sleep(due.minus(elapsed));
    }
  }
}
