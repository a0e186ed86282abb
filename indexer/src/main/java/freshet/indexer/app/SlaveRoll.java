package freshet.indexer.app;

import freshet.indexer.alert.HeardSlaves;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of the slaves that a daemon has heard of. Used by one thread at a time. */
final class SlaveRoll {
  private static final Logger LOG = LoggerFactory.getLogger(SlaveRoll.class);

  private final Path file;
  private HeardSlaves noted = HeardSlaves.NONE;

  /** In the folder of a master's watch. */
  SlaveRoll(Path folder) {
    this.file = folder.resolve("slaves.json");
  }

  /** What an earlier daemon left; one that is damaged counts as none. */
  HeardSlaves read() {
    try {
      noted = SnapshotCodec.read(Files.readAllBytes(file), HeardSlaves.class, file.toString());
    } catch (NoSuchFileException e) {
      LOG.debug("{} is not there yet", file);
    } catch (FormatException e) {
      LOG.warn("{}; slaves are known once they report", e.getMessage());
    } catch (IOException e) {
      LOG.warn("{} can't be read ({}); slaves are known once they report", file, e.toString());
    }
    return noted;
  }

  /** Notes them, if anything but a report is new. */
  void note(HeardSlaves now) {
    if (now.equals(noted)) {
      return;
    }
    noted = now;
    try {
      DurableFiles.write(file, SnapshotCodec.write(now));
    } catch (IOException e) {
      LOG.warn("{} can't be written ({}): a restart may forget slaves", file, e.toString());
    }
  }
}
