package freshet.indexer.source;

import freshet.indexer.session.SessionOptions;
import freshet.indexer.table.CityFilter;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is polled, and how.
 *
 * @param session the servers
 * @param limits bounds of a batch
 * @param overlap how far behind the cursor each poll looks again for transactions that committed
 *     late
 * @param checks how often the table is compared with what is indexed beyond that
 * @param table the documents
 * @param tombstones where deletions are noted; null if nowhere, so that only {@link
 *     TableSpec#searchableIf()} and vanished rows delete
 * @param cities which cities are indexed
 */
public record SourceOptions(
    SessionOptions session,
    Limits limits,
    Duration overlap,
    CheckOptions checks,
    TableSpec table,
    @Nullable Tombstones tombstones,
    CityFilter cities) {
  /** How far a transaction may commit behind its stamp, if nothing else is configured. */
  public static final Duration DEFAULT_OVERLAP = Duration.ofMinutes(10);

  /** Refuses what contradicts itself. */
  public SourceOptions {
    if (!overlap.isPositive()) {
      throw new IllegalArgumentException("the overlap is " + overlap + ": expected more than 0");
    }
    if (tombstones != null && tombstones.key().size() != table.key().size()) {
      throw new IllegalArgumentException(
          "tombstones have the key columns %s, documents have %s: expected as many"
              .formatted(tombstones.key(), table.key()));
    }
  }

  /** All cities are indexed. */
  public SourceOptions(
      SessionOptions session,
      Limits limits,
      Duration overlap,
      CheckOptions checks,
      TableSpec table,
      @Nullable Tombstones tombstones) {
    this(session, limits, overlap, checks, table, tombstones, CityFilter.ALL);
  }
}
