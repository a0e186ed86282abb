package freshet.replicator.pause;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a slave serves of a city that is paused there: the content of its file.
 *
 * @param format version of the file's form
 * @param entry names the commit that is served
 * @param generation of the snapshot that had it when the pause began
 * @param schema of that snapshot
 * @param readThrough up to when on the database's clock that commit is complete; null if never
 */
public record FrozenCity(
    int format,
    CityEntry entry,
    Generation generation,
    Digest schema,
    @Nullable Instant readThrough) {
  static final int FORMAT = 1;

  /** As a snapshot has it that was advertised so. */
  public static FrozenCity of(CityEntry entry, Snapshot snapshot, Advertisement advertisement) {
    return new FrozenCity(
        FORMAT,
        entry,
        snapshot.generation(),
        snapshot.manifest().schema(),
        advertisement.readThrough(entry).orElse(null));
  }

  /** The city. */
  public City city() {
    return entry.city();
  }
}
