package freshet.indexer.source;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small JSON file. Used by one thread at a time. */
public final class FileSourceMemory implements SourceMemory {
  private static final Logger LOG = LoggerFactory.getLogger(FileSourceMemory.class);

  private final Path file;
  private Remembered last;

  /**
   * Reads the file, if there is one. A damaged one counts as none: everything in it can be found
   * out again.
   *
   * @throws IOException if it can't be read
   */
  public FileSourceMemory(Path file) throws IOException {
    this.file = file;
    this.last = Remembered.NOTHING;
    if (Files.exists(file)) {
      try {
        last = SnapshotCodec.read(Files.readAllBytes(file), Remembered.class, file.toString());
      } catch (FormatException e) {
        LOG.warn(
            "{}; it is begun anew, and all keys are compared where that matters", e.toString());
      }
    }
  }

  @Override
  public Remembered read() {
    return last;
  }

  @Override
  public void keep(Remembered remembered) throws IOException {
    last = remembered;
    DurableFiles.write(file, SnapshotCodec.write(remembered));
  }
}
