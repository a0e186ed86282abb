package freshet.replicator.repository;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads again every file that a repository's snapshots name, and compares its digest with the one
 * that was taken when it was written: a disk that has lost a bit does not say so by itself. Changes
 * nothing, and may run beside a master.
 */
public final class Scrub {
  private final LocalRepository repository;
  private final long bytesPerSecond;
  private final Time time;

  /** What each file should be, by its relative name; each is read once. */
  private final Map<String, Expected> files = new LinkedHashMap<>();

  private final Map<String, ScrubReport.Bad> bad = new LinkedHashMap<>();
  private int snapshots;

  private record Expected(Generation generation, long length, Digest sha256) {}

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

  /**
   * How far it has come.
   *
   * @param bytes read so far
   * @param ofBytes to read in all
   */
  public record Progress(long bytes, long ofBytes) {}

  /** Runs once. */
  public ScrubReport run(Consumer<Progress> progress) throws IOException, InterruptedException {
    for (Generation generation : repository.generations().descendingSet()) {
      collect(generation);
    }
    long total = files.values().stream().mapToLong(Expected::length).sum();
    long read = 0;
    long started = time.nanoTime();
    for (Map.Entry<String, Expected> file : files.entrySet()) {
      check(file.getKey(), file.getValue());
      read += file.getValue().length();
      progress.accept(new Progress(read, total));
      pause(read, time.since(started));
    }
    return new ScrubReport(snapshots, files.size(), read, List.copyOf(bad.values()));
  }

  private void collect(Generation generation) throws IOException {
    String name = RepositoryLayout.snapshotName(generation);
    Snapshot snapshot;
    try {
      Optional<Snapshot> found = repository.snapshot(generation);
      if (found.isEmpty()) {
        return;
      }
      snapshot = found.get();
    } catch (FormatException | NoSuchFileException e) {
      report(generation, new ScrubReport.Bad(name, null, null, String.valueOf(e.getMessage())));
      return;
    }
    snapshots++;
    PackEntry pack = snapshot.manifest().pack();
    if (pack != null) {
      files.putIfAbsent(
          RepositoryLayout.packName(generation),
          new Expected(generation, pack.length(), pack.sha256()));
    }
    for (CityEntry entry : snapshot.cities().values()) {
      collect(generation, entry);
    }
  }

  private void collect(Generation generation, CityEntry entry) throws IOException {
    String name = RepositoryLayout.cityManifestName(entry);
    if (files.containsKey(name) || bad.containsKey(name)) {
      return;
    }
    CityManifest manifest;
    try {
      manifest = repository.cityManifest(entry);
    } catch (FormatException | NoSuchFileException e) {
      Path path = repository.layout().resolve(name);
      Digest found = Files.exists(path) ? Digest.ofFile(path) : null;
      report(
          generation,
          new ScrubReport.Bad(name, entry.manifest(), found, "no city manifest can be read"));
      return;
    }
    files.put(
        name,
        new Expected(generation, Files.size(repository.layout().resolve(name)), entry.manifest()));
    for (FileEntry file : manifest.files()) {
      files.putIfAbsent(
          RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name()),
          new Expected(generation, file.length(), file.sha256()));
    }
  }

  private void check(String name, Expected expected) throws IOException {
    Path path = repository.layout().resolve(name);
    try {
      Digest found = Digest.ofFile(path);
      if (!found.equals(expected.sha256)) {
        report(
            expected.generation,
            new ScrubReport.Bad(name, expected.sha256, found, "its content has changed"));
      }
    } catch (NoSuchFileException e) {
      report(expected.generation, new ScrubReport.Bad(name, expected.sha256, null, "it is gone"));
    }
  }

  /** What a collector has removed since is not missing. */
  private void report(Generation generation, ScrubReport.Bad one) {
    Path manifest = repository.layout().resolve(RepositoryLayout.snapshotName(generation));
    if (Files.exists(manifest)) {
      bad.put(one.file(), one);
    }
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
