package freshet.replicator.explain;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.Generation;
import java.time.Instant;

/**
 * A document in one city of a snapshot.
 *
 * @param city where
 * @param version of its row, as it was read, by the column's own clock
 * @param commit of the city, the first that has it so
 * @param since the first generation that has it so, of those that are kept
 * @param isFirst whether an older one is kept that lacks it
 * @param published when that generation was made, by the master's clock
 * @param readTo up to where that commit's poll had read the table
 */
public record DocumentCopy(
    City city,
    Instant version,
    long commit,
    Generation since,
    boolean isFirst,
    Instant published,
    Cursor readTo) {

  /** Where it came from, in words. */
  public String origin() {
    return "commit %d, published with generation %s%s at %s, by a poll that had read up to %s"
        .formatted(
            commit,
            since,
            isFirst ? "" : " or an older one that is no longer kept,",
            published,
            Versions.instant(readTo.version()));
  }
}
