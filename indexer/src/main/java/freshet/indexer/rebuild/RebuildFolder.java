package freshet.indexer.rebuild;

import freshet.indexer.table.UnlistedRows;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a rebuild is at work, beside the working indexes and on their file system.
 *
 * @param path of the folder
 */
public record RebuildFolder(Path path) {

  /** The one of a master. */
  public static RebuildFolder in(Path work) {
    return new RebuildFolder(work.resolve("rebuild"));
  }

  /** The new indexes, each in its city's folder as in the working folder. */
  public Path cities() {
    return path.resolve("cities");
  }

  /**
   * Where each document of the new indexes is, as {@link freshet.indexer.route.RoutingTable} keeps
   * it: of the same contents as the new indexes once the rebuild is ready.
   */
  public Path routing() {
    return path.resolve("routing");
  }

  /** The table and the fields that they are built by. */
  public Path definition() {
    return path.resolve("definition.json");
  }

  /** What the source that catches up has to know after a restart. */
  public Path sourceMemory() {
    return path.resolve("source.json");
  }

  /** Rows that can't become documents. */
  public Path quarantine() {
    return path.resolve("quarantine.jsonl");
  }

  /** Limits that somebody has set while it runs. */
  public Path limits() {
    return path.resolve("limits.json");
  }

  /** The files of the new indexes, as they were when it was ready last; empty before that. */
  public Optional<RebuiltCities> built() throws IOException {
    return read(builtFile(), RebuiltCities.class);
  }

  /** Notes those, for the master to announce them. */
  public void write(RebuiltCities built) throws IOException {
    DurableFiles.write(builtFile(), SnapshotCodec.write(built));
  }

  /** Held by the process that rebuilds. */
  public Path lock() {
    return path.resolveSibling("rebuild.lock");
  }

  /** How far the rebuild has come; empty if there is none. One look at a file. */
  public Optional<RebuildState> read() throws IOException {
    return read(state(), RebuildState.class);
  }

  /** Notes durably how far it has come. What was said against it before no longer counts. */
  public void write(RebuildState state) throws IOException {
    DurableFiles.createFolders(path);
    Files.deleteIfExists(refusalFile());
    DurableFiles.write(state(), SnapshotCodec.write(state));
  }

  /**
   * Takes a step that only one of several processes may take: the one that catches up once more, or
   * the one that switches.
   *
   * @param from the phase that it must be in still
   * @return whether it was, so that the step is noted, durably
   */
  public boolean advance(RebuildState.Phase from, RebuildState to) throws IOException {
    ProcessLock.Attempt attempt =
        ProcessLock.tryTake(path.resolveSibling("rebuild.step.lock"), "a step of a rebuild");
    if (!(attempt instanceof ProcessLock.Attempt.Taken(ProcessLock lock))) {
      return false;
    }
    try {
      Optional<RebuildState> now = read();
      if (now.isEmpty() || now.get().phase() != from) {
        return false;
      }
      write(to);
      return true;
    } finally {
      lock.close();
    }
  }

  /** Tells whoever waits for the master why it does not switch. */
  public void refuse(String why) throws IOException {
    DurableFiles.write(refusalFile(), why.getBytes(StandardCharsets.UTF_8));
  }

  /** Why the master does not switch to what is ready; empty if nothing is said against it. */
  public Optional<String> refusal() throws IOException {
    return text(refusalFile());
  }

  /**
   * Tells whoever waits for the master what that waits for. It is kept outside of the folder, which
   * the master may be unable to write to, as it then says here.
   */
  public void waits(String text) throws IOException {
    DurableFiles.write(waitFile(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** What the master waits for before it switches; empty if it has not said. */
  public Optional<String> waits() throws IOException {
    return text(waitFile());
  }

  /** The progress that was noted last. */
  public Optional<RebuildProgress> progress() throws IOException {
    return read(progressFile(), RebuildProgress.class);
  }

  /** Notes the progress for whoever asks, and for a process that goes on. */
  void write(RebuildProgress progress) throws IOException {
    DurableFiles.write(progressFile(), SnapshotCodec.write(progress));
  }

  /** Rows that were read and are not indexed for their city alone; empty if none are noted. */
  public Optional<UnlistedRows.Kept> unlisted() throws IOException {
    return read(unlistedFile(), UnlistedRows.Kept.class);
  }

  /** Notes those. */
  void write(UnlistedRows.Kept unlisted) throws IOException {
    DurableFiles.write(unlistedFile(), SnapshotCodec.write(unlisted));
  }

  /** The same, which count only with what is read from now on. */
  Optional<UnlistedRows.Kept> takeUnlisted() throws IOException {
    Optional<UnlistedRows.Kept> kept = unlisted();
    DurableFiles.delete(unlistedFile());
    return kept;
  }

  /** What the new indexes are built by, as text; empty if there is none. */
  String readDefinition() throws IOException {
    return Files.exists(definition()) ? Files.readString(definition()) : "";
  }

  /** Leaves what the new indexes are built by. */
  void writeDefinition(String text) throws IOException {
    DurableFiles.createFolders(path);
    DurableFiles.write(definition(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Removes everything, the state first: what is left after a crash belongs to no rebuild. */
  public void delete() throws IOException {
    Files.deleteIfExists(state());
    Files.deleteIfExists(waitFile());
    DurableFiles.deleteTree(path);
  }

  private Path state() {
    return path.resolve("rebuild.json");
  }

  private Path refusalFile() {
    return path.resolve("refused.txt");
  }

  private Path builtFile() {
    return path.resolve("built.json");
  }

  private Path waitFile() {
    return path.resolveSibling("rebuild.waits");
  }

  private Path progressFile() {
    return path.resolve("progress.json");
  }

  private Path unlistedFile() {
    return path.resolve("unlisted.json");
  }

  private static Optional<String> text(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static <T extends Record> Optional<T> read(Path file, Class<T> type) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(SnapshotCodec.read(bytes, type, file.toString()));
  }
}
