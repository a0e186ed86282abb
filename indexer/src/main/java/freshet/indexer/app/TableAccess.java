package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.diff.TableKeys;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.ColumnGuard;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.PageSize;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.RowReader;
import freshet.indexer.table.SqlPageReader;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.security.SecureRandom;

/** The database, for a verb that reads beside a master: a connection of its own. */
final class TableAccess implements AutoCloseable {
  private final Sessions sessions;
  private final SourceOptions source;
  private final SourcePosition from;
  private final PollStatements statements;
  private final RowReader rows;
  private final PageSize pageSize;
  private final TableKeys keys;

  /**
   * Connects when keys or rows are first asked for.
   *
   * @param from a server is asked only if it has what was read up to here
   * @param quarantine hears of rows that can't become documents
   */
  TableAccess(
      IndexerConfig config,
      SourcePosition from,
      Quarantine quarantine,
      Time time,
      StopSignal stop) {
    this.source = config.source();
    this.from = from;
    this.sessions =
        new Sessions(
            source.session(),
            new ConnectGate(source.session()),
            time,
            new SecureRandom(),
            stop,
            SessionListener.NONE);
    stop.onRequest(sessions::abort);
    this.statements = new PollStatements(source.table(), source.tombstones(), config.schema());
    this.rows =
        new RowReader(
            config.schema(),
            source.table(),
            source.limits().rowBytes(),
            quarantine,
            source.cities());
    this.pageSize = new PageSize(source.limits().pageRows());
    this.keys =
        new TableKeys(
            () -> new SqlPageReader(sessions.poll(from), statements, rows, pageSize),
            source.table().query() != null,
            source.tombstones() != null,
            source.cities());
  }

  TableKeys keys() {
    return keys;
  }

  /**
   * A reader of rows, within the deadlines and retries of one poll.
   *
   * @throws SourceException.SchemaError for columns that a poll would refuse
   */
  PageReader reader() throws SourceException {
    PollSession session = sessions.poll(from);
    new ColumnGuard(source, statements).refuse(session, session.open().state().server());
    return new SqlPageReader(session, statements, rows, pageSize);
  }

  @Override
  public void close() {
    sessions.close();
  }
}
