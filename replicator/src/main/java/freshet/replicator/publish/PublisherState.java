package freshet.replicator.publish;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a master remembers, outside the repository, of what it published: by it the master knows
 * whether LATEST is its own last word. Written before LATEST moves.
 *
 * @param format version of this file's format
 * @param repository identity of the repository
 * @param master identity of this master, drawn at random
 * @param epoch that this master holds
 * @param lastNumber the highest generation number that it knows to be used
 * @param published the generation that LATEST named when this was written; null for none
 * @param intended the generation that LATEST was to name next; null if it was not to move
 * @param position of the intended generation, or of the published one
 * @param changesSinceFull how many manifests in a row are changes over a base
 * @param aliases cities that are published under another incarnation than their working index has
 */
record PublisherState(
    int format,
    RepositoryId repository,
    String master,
    long epoch,
    long lastNumber,
    @Nullable Generation published,
    @Nullable Generation intended,
    SourcePosition position,
    int changesSinceFull,
    Map<City, Alias> aliases) {
  private static final Logger LOG = LoggerFactory.getLogger(PublisherState.class);

  static final int FORMAT = 1;

  /** A working index's incarnation, and the one that it is published under. */
  record Alias(Incarnation working, Incarnation published) {}

  PublisherState {
    aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
  }

  /** What is remembered; empty if nothing is. A damaged file remembers nothing, and is named. */
  static Optional<PublisherState> read(Path file) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Optional.of(SnapshotCodec.read(bytes, PublisherState.class, file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FormatException e) {
      LOG.warn("{}; this master goes on as one that is new here", e.getMessage());
      return Optional.empty();
    }
  }

  /** Makes it durable. */
  void write(Path file) throws IOException {
    DurableFiles.write(file, SnapshotCodec.write(this));
  }

  /** Under which incarnation a working index is published. */
  Incarnation publishedIncarnation(City city, Incarnation working) {
    Alias alias = aliases.get(city);
    return alias != null && alias.working().equals(working) ? alias.published() : working;
  }

  /** The same with a higher number used. */
  PublisherState withLastNumber(long number) {
    return new PublisherState(
        format,
        repository,
        master,
        epoch,
        number,
        published,
        intended,
        position,
        changesSinceFull,
        aliases);
  }
}
