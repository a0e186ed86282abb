package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One published snapshot: the changed cities over a base, or all of them.
 *
 * @param format version of this file's format
 * @param minReader the oldest format version whose readers can read what this names
 * @param repository identity of the repository
 * @param generation its name and order
 * @param base the snapshot that this one changes; null if {@code cities} is the full list
 * @param baseManifest digest of the base's manifest; null without a base
 * @param created by the master's clock
 * @param lucene version of the Lucene that wrote the indexes
 * @param schema digest of the schema, which names its file
 * @param position up to where the database was read
 * @param cities the changed cities, or all, ordered by name
 * @param removed cities of the base that are no more
 * @param pack the new small files as one object; null if there is none
 */
public record SnapshotManifest(
    int format,
    int minReader,
    RepositoryId repository,
    Generation generation,
    @Nullable Generation base,
    @Nullable Digest baseManifest,
    Instant created,
    String lucene,
    Digest schema,
    SourcePosition position,
    List<CityEntry> cities,
    List<City> removed,
    @Nullable PackEntry pack) {

  /** Copies the lists; a base comes with its digest and lies before. */
  public SnapshotManifest {
    cities = List.copyOf(cities);
    removed = List.copyOf(removed);
    if ((base == null) != (baseManifest == null)) {
      throw new IllegalArgumentException("a base and its digest come together");
    }
    if (base != null && !generation.isAfter(base)) {
      throw new IllegalArgumentException(
          "snapshot %s can't be based on the later %s".formatted(generation, base));
    }
  }
}
