package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.diff.TableKeys;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.PageSize;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.RowReader;
import freshet.indexer.table.SqlPageReader;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.security.SecureRandom;

/** The database, for a verb that reads keys beside a master: a connection of its own. */
final class TableAccess implements AutoCloseable {
  private final Sessions sessions;
  private final TableKeys keys;

  /**
   * Connects when keys are first asked for.
   *
   * @param from a server is asked only if it has what was read up to here
   */
  TableAccess(IndexerConfig config, SourcePosition from, Time time, StopSignal stop) {
    SourceOptions source = config.source();
    this.sessions =
        new Sessions(
            source.session(),
            new ConnectGate(source.session()),
            time,
            new SecureRandom(),
            stop,
            SessionListener.NONE);
    stop.onRequest(sessions::abort);
    PollStatements statements =
        new PollStatements(source.table(), source.tombstones(), config.schema());
    RowReader rows =
        new RowReader(
            config.schema(),
            source.table(),
            source.limits().rowBytes(),
            Quarantine.NONE,
            source.cities());
    PageSize pageSize = new PageSize(source.limits().pageRows());
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

  @Override
  public void close() {
    sessions.close();
  }
}
