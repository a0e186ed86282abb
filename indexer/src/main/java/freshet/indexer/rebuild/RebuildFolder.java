package freshet.indexer.rebuild;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
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

  /** The table and the fields that they are built by. */
  public Path definition() {
    return path.resolve("definition.json");
  }

  /** Held by the process that rebuilds. */
  public Path lock() {
    return path.resolveSibling("rebuild.lock");
  }

  /** How far the rebuild has come; empty if there is none. One look at a file. */
  public Optional<RebuildState> read() throws IOException {
    Path file = state();
    return Files.exists(file)
        ? Optional.of(
            SnapshotCodec.read(Files.readAllBytes(file), RebuildState.class, file.toString()))
        : Optional.empty();
  }

  /** Notes durably how far it has come. */
  public void write(RebuildState state) throws IOException {
    DurableFiles.createFolders(path);
    DurableFiles.write(state(), SnapshotCodec.write(state));
  }

  /** Removes everything, the state first: what is left after a crash belongs to no rebuild. */
  public void delete() throws IOException {
    Files.deleteIfExists(state());
    DurableFiles.deleteTree(path);
  }

  private Path state() {
    return path.resolve("rebuild.json");
  }
}
