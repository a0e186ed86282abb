package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The highest snapshot that this store ever had. It outlives LATEST, so that a store that lost its
 * pointer can't be led back in time.
 *
 * @param repository that it follows
 * @param generation the highest one
 * @param manifest digest of that snapshot's manifest
 */
record Seen(RepositoryId repository, Generation generation, Digest manifest) {

  static Seen of(Advertisement advertisement) {
    return new Seen(
        advertisement.repository(), advertisement.generation(), advertisement.manifest());
  }

  /** What the store remembers; empty in a new one. */
  static Optional<Seen> read(RepositoryLayout store) throws IOException {
    Path file = fileIn(store);
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Optional.of(SnapshotCodec.read(bytes, Seen.class, file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FormatException e) {
      throw new FormatException(
          e.getMessage()
              + "; it tells which snapshots lie in the past: restore it, or remove it to take"
              + " whatever the remote offers",
          e);
    }
  }

  void write(RepositoryLayout store) throws IOException {
    DurableFiles.write(fileIn(store), SnapshotCodec.write(this));
  }

  private static Path fileIn(RepositoryLayout store) {
    return store.control().resolve("seen.json");
  }
}
