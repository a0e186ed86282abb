package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A city in a snapshot's manifest.
 *
 * @param city the city
 * @param incarnation history of its files
 * @param commit Lucene's generation of its commit; with the incarnation it names the city manifest
 * @param manifest digest of the city manifest's bytes
 * @param documents live documents
 * @param bytes of all its files
 * @param readThrough up to when on the database's clock it was complete when this entry was
 *     written; null if never yet. LATEST can only raise it.
 * @param behind the position that a city was left at which failed, is held or catches up; null for
 *     one that stands where its snapshot stands
 */
public record CityEntry(
    City city,
    Incarnation incarnation,
    long commit,
    Digest manifest,
    long documents,
    long bytes,
    @Nullable Instant readThrough,
    @Nullable SourcePosition behind) {

  /** Whether both name the same files. */
  public boolean hasSameFilesAs(CityEntry other) {
    return city.equals(other.city)
        && incarnation.equals(other.incarnation)
        && commit == other.commit
        && manifest.equals(other.manifest);
  }
}
