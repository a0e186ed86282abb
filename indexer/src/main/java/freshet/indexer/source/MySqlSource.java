package freshet.indexer.source;

import freshet.indexer.connect.Watchdog;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.session.Lag;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.StopGrace;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.PageSize;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.RowReader;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.SqlPageReader;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.UnlistedRows;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls MySQL or MariaDB. Keeps one connection across polls; no transaction stays open across
 * pages. An idle poll is four queries: state of the server, lag, tombstones, versions; and one for
 * each side table.
 */
public final class MySqlSource implements ChangeSource {
  private static final Logger LOG = LoggerFactory.getLogger(MySqlSource.class);

  private final SourceOptions options;
  private final Time time;
  private final StopSignal stop;
  private final Sessions sessions;
  private final PollStatements statements;
  private final Quarantine quarantine;
  private final RowReader rows;
  private final KeyCodec codec;
  private final FutureRows future;
  private final ColumnGuard columns;
  private final PageSize pageSize;
  private final SourceMemory memory;
  private final Checking checking;

  /**
   * A source that connects when it is first polled.
   *
   * @param schema of the documents
   * @param sessions of its own, which it closes
   * @param stop ends a poll at its next page, and one that hangs within seconds
   * @param quarantine where rows go that can't become documents
   * @param memory what it has to know after a restart
   * @throws IllegalArgumentException if a field of the schema has no column, or the key's types
   *     differ from the table's
   */
  public MySqlSource(
      SourceOptions options,
      IndexSchema schema,
      Sessions sessions,
      Time time,
      StopSignal stop,
      Quarantine quarantine,
      SourceMemory memory) {
    this(options, schema, sessions, time, stop, quarantine, memory, UnlistedRows.ofPolls());
  }

  /**
   * The same.
   *
   * @param unlisted rows that are known not to be indexed, since their city is not listed
   */
  public MySqlSource(
      SourceOptions options,
      IndexSchema schema,
      Sessions sessions,
      Time time,
      StopSignal stop,
      Quarantine quarantine,
      SourceMemory memory,
      UnlistedRows unlisted) {
    if (!schema.key().equals(options.table().key().stream().map(KeyColumn::type).toList())) {
      throw new IllegalArgumentException(
          "the key of the index is %s, that of table %s is %s"
              .formatted(schema.key(), options.table().name(), options.table().key()));
    }
    this.options = options;
    this.memory = memory;
    this.checking = new Checking(options.checks(), DiffSchedule.of(options));
    this.time = time;
    this.stop = stop;
    this.sessions = sessions;
    this.statements = new PollStatements(options.table(), options.tombstones(), schema);
    this.columns = new ColumnGuard(options, statements);
    this.future = new FutureRows(options.table(), schema.keyCodec());
    this.quarantine = quarantine;
    this.codec = schema.keyCodec();
    this.rows =
        new RowReader(
            schema,
            options.table(),
            options.limits().rowBytes(),
            quarantine,
            options.cities(),
            unlisted);
    this.pageSize = new PageSize(options.limits().pageRows());
    StopGrace.cutOffLater(stop, time, sessions::abort);
  }

  @Override
  public ChangeBatch poll(SourcePosition from, OverlapWindow window, StoredDocuments stored)
      throws SourceException {
    if (stop.isRequested()) {
      throw new SourceException.Stopped("no poll is begun once a stop is requested", null);
    }
    Attempt first = new Attempt(from, window, stored, null, sessions.poll(from));
    try {
      return first.run();
    } catch (SourceException.RoleSwapped e) {
      if (first.session.hasServerChanged()) {
        LOG.warn("{}", e.getMessage());
        return new Attempt(from, window, stored, null, first.session.again()).run();
      }
      SourcePosition anyServer = withoutServer(from);
      return new Attempt(
              anyServer, OverlapWindow.UNSEEN, stored, lost(from, e), sessions.poll(anyServer))
          .run();
    }
  }

  /** What is lost; throws while that is not certain. */
  private Finding lost(SourcePosition from, SourceException.RoleSwapped why)
      throws SourceException.RoleSwapped {
    Remembered before = memory.read();
    TransactionWait wait = new TransactionWait(options.checks().waitForTransactions());
    return switch (wait.decide(before.waiting(), from.gtid(), time.now())) {
      case TransactionWait.Wait(Remembered.Waiting waiting) -> {
        if (keep(before, before.waitingFor(waiting)).isPresent()) {
          LOG.warn("since when transactions are waited for was not written");
        }
        throw why;
      }
      case TransactionWait.Lost(Duration waited) ->
          new Finding(
              "transactions that are indexed are lost",
              "for %d s no server had them: %s".formatted(waited.toSeconds(), why.getMessage()),
              "the servers are polled as they are, and all keys are compared; if one that has the"
                  + " transactions can come back, let it come first in source.endpoints");
    };
  }

  /** Where any server may go on. */
  private static SourcePosition withoutServer(SourcePosition from) {
    return new SourcePosition("", "", from.deletions(), from.changes(), from.sides());
  }

  private Optional<Finding> keep(Remembered before, Remembered after) {
    if (after.equals(before)) {
      return Optional.empty();
    }
    try {
      memory.keep(after);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          new Finding(
              "what the source remembers was not written",
              e.toString(),
              "make room in index.folder; until then a restart compares more than need be"));
    }
  }

  /** One poll of one server. */
  private final class Attempt {
    private final SourcePosition from;
    private final OverlapWindow window;
    private final StoredDocuments stored;
    private final @Nullable Finding lost;
    private final PollSession session;
    private final Instant started = time.now();
    private final long startNanos = time.nanoTime();
    private final int connectsBefore = sessions.connects();
    private final int queriesBefore = sessions.queries();

    Attempt(
        SourcePosition from,
        OverlapWindow window,
        StoredDocuments stored,
        @Nullable Finding lost,
        PollSession session) {
      this.from = from;
      this.window = window;
      this.stored = stored;
      this.lost = lost;
      this.session = session;
    }

    ChangeBatch run() throws SourceException {
      Duration longest = options.session().timeouts().poll();
      Deadline soft = Deadline.after(time, longest.multipliedBy(3).dividedBy(4));
      String late = "the poll did not end within " + longest.toMillis() + " ms";
      Watchdog watchdog = Watchdog.arm("poll-deadline", time, longest, () -> session.expire(late));
      try {
        return read(soft);
      } finally {
        watchdog.close();
        quarantine.save();
      }
    }

    private ChangeBatch read(Deadline soft) throws SourceException {
      Sessions.Opened opened = session.open();
      ServerState state = opened.state();
      columns.refuse(session, state.server());
      Lag lag = opened.lag();
      long horizon = PollPoint.horizon(state, lag);
      Remembered before = memory.read();
      Duration overlap = longer(options.overlap(), before.overlap());
      Remembered begun = serverChange(state, horizon, overlap).begin(from, before);
      PollPoint point = new PollPoint(from, horizon, lag instanceof Lag.Known, lost != null);
      PollReads reads =
          new PollReads(
              new SqlPageReader(session, statements, rows, pageSize),
              stored,
              new BatchDraft(
                  options.limits(),
                  () -> stop.isRequested() || soft.isPast() || session.hasLostConnection()));
      Tombstones tombstones = options.tombstones();
      WindowRules changes = WindowRules.of(overlap, options.table().version(), horizon);
      WindowRules deletions =
          tombstones == null ? null : WindowRules.of(overlap, tombstones.version(), horizon);
      boolean wasLost = window.equals(OverlapWindow.UNSEEN);
      Checks checks = checking.begin(point, changes, deletions, reads, wasLost, begun);
      PollRun run =
          new PollRun(
              from,
              window,
              changes,
              deletions,
              sideRules(overlap, horizon),
              quarantine.toRetry(),
              reads,
              checks);
      run.run();
      OrderRun order = new OrderRun(begun, from.changes(), changes, deletions);
      List<Change> taken = order.taken(reads.draft(), stored);
      List<Finding> findings = new ArrayList<>(checks.findings());
      // While the position names them they are waited for, should this batch not be published.
      Remembered after = order.remembered(checks.remembered(), reads.draft());
      findings.addAll(order.findings());
      keep(before, lost == null ? after.waitingFor(null) : after).ifPresent(findings::add);
      if (lost != null) {
        findings.add(lost);
      }
      long clock = state.nowMicros() + time.since(startNanos).toNanos() / 1_000;
      run.fullWindow().ifPresent(findings::add);
      findings.addAll(future.finding(run.ahead(), clock));
      findings.addAll(UnlistedCities.findings(rows.unlisted(), options.table(), codec));
      return batch(opened, state, lag, point, run, taken, checks, findings);
    }

    private ServerChange serverChange(ServerState state, long horizon, Duration overlap) {
      return new ServerChange(
          state.server(),
          !state.gtid().isEmpty(),
          state.nowMicros(),
          state.nowMicros() - horizon,
          overlap.toNanos() / 1_000,
          options.table().version().clock());
    }

    private Map<SideTable, WindowRules> sideRules(Duration overlap, long horizon) {
      Map<SideTable, WindowRules> rules = new LinkedHashMap<>();
      for (SideTable side : options.table().alsoChangedBy()) {
        rules.put(side, WindowRules.of(overlap, side.version(), horizon));
        if (!from.changes().equals(Cursor.START) && !from.sides().containsKey(side.name())) {
          LOG.info("side table {} is new: it is read from its start", side.name());
        }
      }
      return rules;
    }

    private ChangeBatch batch(
        Sessions.Opened opened,
        ServerState state,
        Lag lag,
        PollPoint point,
        PollRun run,
        List<Change> taken,
        Checks checks,
        List<Finding> findings)
        throws SourceException {
      Claim claim =
          new PollEnd(
                  stop.isRequested(),
                  run.reachedEnd(),
                  session.hasLostConnection(),
                  lag,
                  checks.gate(),
                  point.horizon(),
                  deletions(point, checks))
              .claim();
      return new ChangeBatch(
          taken,
          from,
          position(state, run),
          run.window(),
          run.reachedEnd() && !checks.hasMoreToCompare(),
          claim.readThrough(),
          claim.whyNot(),
          state.clock(),
          findings,
          report(opened, state, lag, run, checks));
    }

    private PollEnd.@Nullable Deletions deletions(PollPoint point, Checks checks) {
      DiffSchedule schedule = checking.schedule();
      return schedule.leavesNoTrace()
          ? new PollEnd.Deletions(schedule.deletionsThrough(point.from(), checks.remembered()))
          : null;
    }

    /** Where nothing was found, nothing moves, so that a cycle with nothing new writes nothing. */
    private SourcePosition position(ServerState state, PollRun run) throws SourceException {
      Map<String, Cursor> sides = run.sideCursors();
      boolean isQuiet = run.changes().isEmpty() && run.reachedEnd() && sides.equals(from.sides());
      if (isQuiet && state.server().equals(from.server())) {
        return from;
      }
      // What was read may hold more than was executed at the start, so the set is asked for again.
      String gtid =
          isQuiet || state.gtid().isEmpty()
              ? state.gtid()
              : session.run("reading the executed transactions", on -> on.state("")).gtid();
      return new SourcePosition(
          state.server(), gtid, run.deletionCursor(), run.changeCursor(), sides);
    }

    private PollReport report(
        Sessions.Opened opened, ServerState state, Lag lag, PollRun run, Checks checks) {
      PollCounts counts = run.counts();
      return new PollReport(
          opened.session().endpoint().toString(),
          started,
          PollPoint.time(state.nowMicros()),
          lag instanceof Lag.Known(Duration atMost) ? atMost : null,
          time.since(startNanos),
          sessions.queries() - queriesBefore,
          sessions.connects() - connectsBefore,
          session.retries(),
          counts.deletionsRead,
          counts.changesRead,
          counts.overlapPairs,
          counts.overlapFetched,
          run.window().pairs(),
          counts.quarantined,
          pageSize.rows(),
          checks.counts());
    }
  }

  @Override
  public void published(ChangeBatch batch) {
    quarantine.resolve(batch.changes().stream().map(Change::key).toList());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** Ends the connection at once. A poll that runs fails. */
  @Override
  public void close() {
    sessions.close();
  }
}
