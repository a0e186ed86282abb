package freshet.indexer.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A rebuild that is under way, for whoever asks.
 *
 * @param phase how far it has come
 * @param cities that are built anew; null if all are
 * @param started when it began
 * @param process that works at it; null if none does, so that it stands still unless it is ready
 * @param progress as it was noted last, for as long as rows are read and changes caught up; null
 *     before the first second
 * @param waitsFor what the master waits for before it switches; null if it has not said
 */
record RebuildStatus(
    RebuildState.Phase phase,
    @Nullable SortedSet<City> cities,
    Instant started,
    @Nullable Long process,
    @Nullable RebuildProgress progress,
    @Nullable String waitsFor) {

  /** The one in a working folder; empty if none is under way. */
  static Optional<RebuildStatus> look(Path work) {
    RebuildFolder folder = RebuildFolder.in(work);
    try {
      Optional<RebuildState> found = folder.read();
      if (found.isEmpty()) {
        return Optional.empty();
      }
      RebuildState state = found.get();
      Optional<LockHolder> holder = LockHolder.of(folder.lock());
      return Optional.of(
          new RebuildStatus(
              state.phase(),
              state.cities(),
              state.started(),
              holder.map(LockHolder::pid).orElse(null),
              folder.progress().orElse(null),
              folder.waits().orElse(null)));
    } catch (IOException e) {
      throw new UncheckedIOException("the state of the rebuild can't be read", e);
    }
  }

  /** The one that a master's status tells of. */
  static Optional<RebuildStatus> in(JsonNode status) throws FormatException {
    JsonNode rebuild = status.path("rebuild");
    return rebuild.isObject()
        ? Optional.of(
            SnapshotCodec.read(
                rebuild.toString().getBytes(StandardCharsets.UTF_8),
                RebuildStatus.class,
                "the rebuild of the status"))
        : Optional.empty();
  }
}
