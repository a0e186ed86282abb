package freshet.replicator.app;

import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the last build of cron knew to be wrong, for the server of the same repository, which slaves
 * ask.
 *
 * @param layout of the repository
 */
public record BuildIncidents(RepositoryLayout layout) {
  private static final Logger LOG = LoggerFactory.getLogger(BuildIncidents.class);

  /**
   * What was known.
   *
   * @param at when
   * @param open the incidents
   */
  private record Known(Instant at, OpenIncidents open) {}

  /** Leaves it. */
  public void write(OpenIncidents open, Instant now) {
    try {
      DurableFiles.write(layout.incidents(), SnapshotCodec.write(new Known(now, open)));
    } catch (IOException e) {
      LOG.warn("slaves will not hear what is wrong here: {}", e.toString());
    }
  }

  /**
   * What was left; empty if that was longer ago: then builds have stopped, and what the last one
   * knew explains nothing.
   */
  Optional<OpenIncidents> read(Instant now, Duration atMostAgo) {
    Path file = layout.incidents();
    try {
      Known known = SnapshotCodec.read(Files.readAllBytes(file), Known.class, file.toString());
      // By its amount: a clock that was set back must not make it last.
      boolean isLately = Duration.between(known.at(), now).abs().compareTo(atMostAgo) < 0;
      return isLately ? Optional.of(known.open()) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("what the last build told is not known: {}", e.toString());
      return Optional.empty();
    }
  }
}
