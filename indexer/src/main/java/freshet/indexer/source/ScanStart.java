package freshet.indexer.source;

import freshet.indexer.session.Lag;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.ScanStatements;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Where polls go on once the whole table was read: at the database's clock when the reading began,
 * less the lag. From there polls look back as far as from any cursor, so that what was under way
 * then is not missed.
 *
 * <p>Where the lag is unknown, cursors stand at the newest row that the server has: all that it
 * still lacks was committed later than that.
 */
public final class ScanStart {
  private final SourceOptions options;
  private final ScanStatements statements;
  private final ColumnGuard columns;

  public ScanStart(SourceOptions options, ScanStatements statements) {
    this.options = options;
    this.statements = statements;
    this.columns = new ColumnGuard(options, statements.polls());
  }

  /**
   * Asks the server of a session.
   *
   * @throws SourceException.SchemaError if versions are in local time, and nobody said in which, or
   *     a column can't become its field
   */
  public SourcePosition ask(PollSession session) throws SourceException {
    Sessions.Opened opened = session.open();
    ServerState state = opened.state();
    columns.refuse(session, state.server());
    Place place = new Place(session, PollPoint.horizon(state, opened.lag()), opened.lag());
    Tombstones tombstones = options.tombstones();
    Cursor deletions =
        tombstones == null
            ? Cursor.START
            : place.of(tombstones.version(), statements::newestTombstone);
    Map<String, Cursor> sides = new HashMap<>();
    for (SideTable side : options.table().alsoChangedBy()) {
      sides.put(
          side.name(), place.of(side.version(), through -> statements.newestOf(side, through)));
    }
    Cursor changes = place.of(options.table().version(), statements::newestDocument);
    return new SourcePosition(state.server(), state.gtid(), deletions, changes, sides);
  }

  /**
   * Whether rows that a server has may follow a scan's start: it is the server of the start, or has
   * its transactions, or is not further behind than the start was.
   *
   * @param state of the server; of those that use GTID, only one with the start's transactions
   * @param lag measured just now
   */
  public boolean isReached(SourcePosition start, ServerState state, Lag lag) {
    if (start.changes().equals(Cursor.START)
        || !start.gtid().isEmpty()
        || start.server().equals(state.server())) {
      return true;
    }
    long begun = options.table().version().clock().first(start.changes().version());
    return lag instanceof Lag.Known && PollPoint.horizon(state, lag) >= begun;
  }

  /** Where a table's cursor stands. */
  private record Place(PollSession session, long horizon, Lag lag) {

    Cursor of(VersionColumn version, LongFunction<Query> newest) throws SourceException {
      Cursor atClock = new Cursor(version.clock().at(horizon), DocumentKey.EMPTY);
      if (lag instanceof Lag.Known) {
        return atClock;
      }
      List<Long> found =
          session.run(
              "asking for the newest version",
              on -> {
                List<Long> versions = new ArrayList<>();
                on.read(newest.apply(atClock.version()), row -> versions.add(row.getLong(1)));
                return versions;
              });
      return found.isEmpty()
          ? Cursor.START
          : new Cursor(Math.min(found.getFirst(), atClock.version()), DocumentKey.EMPTY);
    }
  }
}
