package freshet.indexer.scan;

import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.scan.PatientSession.Leg;
import freshet.indexer.scan.ThrottleRule.Load;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.StopGrace;
import freshet.indexer.source.ScanStart;
import freshet.indexer.table.PageSize;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.RowReader;
import freshet.indexer.table.ScanStatements;
import freshet.indexer.table.StretchReader;
import freshet.indexer.table.UnlistedRows;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Scans a table of MySQL or MariaDB. Each thread that reads has a connection of its own, which the
 * next range uses again; no transaction stays open across pages.
 */
public final class SqlTableScan implements TableScan {
  private final ScanOptions options;
  private final Supplier<Sessions> makeSessions;
  private final Time time;
  private final StopSignal stop = new StopSignal();
  private final Quarantine quarantine;
  private final PollStatements polls;
  private final ScanStatements statements;
  private final ScanStart start;
  private final UnlistedRows unlisted = UnlistedRows.ofScan();
  private final Waits waits;
  private final Throttle throttle;
  private final Deque<PatientSession> idle = new ArrayDeque<>();
  private final List<PatientSession> all = new ArrayList<>();
  private volatile SourcePosition begun = SourcePosition.START;

  /**
   * A scan that connects when something is asked of it.
   *
   * @param sessions makes them, one for each thread; all should share one gate
   * @param stop ends a read at its next page, and one that hangs within seconds
   * @param quarantine where rows go that can't become documents; it is used by several threads
   */
  public SqlTableScan(
      ScanOptions options,
      Supplier<Sessions> sessions,
      Time time,
      StopSignal stop,
      Quarantine quarantine) {
    this.options = options;
    this.makeSessions = sessions;
    this.time = time;
    this.quarantine = quarantine;
    this.polls =
        new PollStatements(
            options.source().table(), options.source().tombstones(), options.schema());
    this.statements = new ScanStatements(polls);
    this.start = new ScanStart(options.source(), statements);
    this.waits = new Waits(time);
    this.throttle = new Throttle(ScanLimits.NONE, waits, time, this.stop);
    stop.onRequest(this.stop::request);
    StopGrace.cutOffLater(stop, time, this::abort);
  }

  @Override
  public SourcePosition begin() throws SourceException {
    SourcePosition position = run(leg -> start.ask(leg.session()));
    begun = position;
    return position;
  }

  @Override
  public void resume(SourcePosition position) {
    begun = position;
  }

  @Override
  public long estimatedRows() throws SourceException {
    return run(leg -> splitter(leg).estimatedRows());
  }

  @Override
  public List<KeyRange> split(int parts) throws SourceException {
    if (parts < 1) {
      throw new IllegalArgumentException(parts + " ranges: expected 1 or more");
    }
    return run(leg -> splitter(leg).split(parts));
  }

  private Splitter splitter(Leg leg) {
    return new Splitter(leg.session(), statements, options.schema().keyCodec());
  }

  private <T> T run(PatientSession.Work<T> work) throws SourceException {
    PatientSession session = borrow();
    try {
      return session.run(begun, this::admit, work);
    } finally {
      giveBack(session);
    }
  }

  @Override
  public void read(KeyRange range, RowSink sink) throws SourceException, IOException {
    PatientSession session = borrow();
    try {
      RangeRead read = new RangeRead(options.source().limits().pageRows(), range);
      while (!read.isDone()) {
        int most = throttle.pass(() -> session.run(begun, this::admit, SqlTableScan::load));
        StretchReader.Page page = session.run(begun, this::admit, leg -> read.next(leg, most));
        throttle.read(page.rows().size());
        quarantine.save();
        if (read.hasMovedTo(page)) {
          sink.page(page.rows(), page.last());
        }
      }
    } finally {
      waits.end();
      giveBack(session);
    }
  }

  private static Load load(Leg leg) throws SourceException {
    PollSession session = leg.session();
    int threads =
        session.run(
            "counting running threads",
            on -> {
              int[] running = new int[1];
              on.read(
                  Query.of("SHOW GLOBAL STATUS LIKE 'Threads_running'"),
                  row -> {
                    running[0] = row.getInt(2);
                    return true;
                  });
              return running[0];
            });
    return new Load(session.lag(), threads);
  }

  private void admit(Sessions.Opened server) throws SourceException {
    SourcePosition from = begun;
    if (!start.isReached(from, server.state(), server.lag())) {
      throw new SourceException.RoleSwapped(
          "%s (%s) is not read yet: without GTID it has to be as far as %s was when the scan began, and its lag is %s"
              .formatted(
                  server.session().endpoint(),
                  server.state().server(),
                  from.server(),
                  server.lag()),
          null);
    }
  }

  @Override
  public void limits(ScanLimits limits) {
    throttle.limits(limits);
  }

  @Override
  public Optional<String> waitsFor() {
    return waits.reason();
  }

  @Override
  public Map<WaitReason, Duration> waited() {
    return waits.waited();
  }

  @Override
  public UnlistedRows unlisted() {
    return unlisted;
  }

  private synchronized PatientSession borrow() {
    PatientSession session = idle.poll();
    if (session == null) {
      session = session();
      all.add(session);
    }
    return session;
  }

  private PatientSession session() {
    PageSize pageSize = new PageSize(options.source().limits().pageRows());
    RowReader rows =
        new RowReader(
            options.schema(),
            options.source().table(),
            options.source().limits().rowBytes(),
            quarantine,
            options.source().cities(),
            unlisted);
    return new PatientSession(
        makeSessions.get(),
        session ->
            new Leg(
                session,
                new StretchReader(session, polls, statements, rows, pageSize),
                time.nanoTime()),
        options.source().session().timeouts().poll(),
        options.patience(),
        waits,
        time,
        stop);
  }

  private synchronized void giveBack(PatientSession session) {
    idle.push(session);
  }

  private synchronized void abort() {
    all.forEach(PatientSession::abort);
  }

  @Override
  public void close() {
    stop.request();
    abort();
  }
}
