package freshet.indexer.source;

import freshet.indexer.session.SessionOptions;
import freshet.indexer.table.CityFilter;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
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

  /** The same of other tables. */
  public SourceOptions of(TableSpec documents, @Nullable Tombstones deletions, Duration diffEvery) {
    CheckOptions then =
        new CheckOptions(
            checks.sweepEvery(), checks.sweepReach(), diffEvery, checks.waitForTransactions());
    return new SourceOptions(session, limits, overlap, then, documents, deletions, cities);
  }

  /**
   * The same for polls that bring an index up to date which was read whole from {@code begin} on:
   * they compare nothing beyond what changes, which is left to whoever polls afterwards.
   */
  public SourceOptions toCatchUp() {
    return new SourceOptions(
        session,
        limits,
        overlap,
        new CheckOptions(
            CheckOptions.NEVER,
            checks.sweepReach(),
            CheckOptions.NEVER,
            checks.waitForTransactions()),
        table,
        tombstones,
        cities);
  }

  /**
   * What a source has to remember of an index that was empty at a position, and is read whole from
   * there on: no deletion before it matters.
   *
   * @param whole whether all cities are read. Then all keys are compared once where a deletion
   *     leaves no trace; of some cities' index that would read all others again
   */
  public Remembered rememberedAt(SourcePosition begin, boolean whole) {
    if (begin.changes().equals(Cursor.START)) {
      return Remembered.NOTHING.withCities(cities.mark());
    }
    long clock = table.version().clock().first(begin.changes().version());
    boolean isCompared = whole && tombstones == null && table.searchableIf() == null;
    return new Remembered(
        Duration.ZERO,
        isCompared
            ? null
            : new Remembered.DeletionsKnown(begin.deletions(), begin.changes(), clock),
        new Remembered.SweepState(clock, null),
        new Remembered.DiffState(isCompared ? null : (Long) clock, null),
        null,
        null,
        cities.mark());
  }
}
