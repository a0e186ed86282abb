package freshet.indexer.source;

import freshet.indexer.connect.Watchdog;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.session.Lag;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.LocalTime;
import freshet.indexer.table.PageSize;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.RowReader;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.SqlPageReader;
import freshet.indexer.table.Tombstones;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls MySQL or MariaDB. Keeps one connection across polls; no transaction stays open across
 * pages. An idle poll is four queries: state of the server, lag, tombstones, versions; and one for
 * each side table. On a MySQL replica one more asks when it last heard of its source.
 */
public final class MySqlSource implements ChangeSource {
  private static final Logger LOG = LoggerFactory.getLogger(MySqlSource.class);

  /** How long a read may go on after a stop was requested, before it is cut off. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(4);

  private final SourceOptions options;
  private final Time time;
  private final StopSignal stop;
  private final Sessions sessions;
  private final PollStatements statements;
  private final Quarantine quarantine;
  private final RowReader rows;
  private final FutureRows future;
  private final Set<String> serversLookedAt = new HashSet<>();
  private final PageSize pageSize;

  /**
   * A source that connects when it is first polled.
   *
   * @param schema of the documents
   * @param sessions of its own, which it closes
   * @param stop ends a poll at its next page, and one that hangs within seconds
   * @param quarantine where rows go that can't become documents
   * @throws IllegalArgumentException if a field of the schema has no column, or the key's types
   *     differ from the table's
   */
  public MySqlSource(
      SourceOptions options,
      IndexSchema schema,
      Sessions sessions,
      Time time,
      StopSignal stop,
      Quarantine quarantine) {
    if (!schema.key().equals(options.table().key().stream().map(KeyColumn::type).toList())) {
      throw new IllegalArgumentException(
          "the key of the index is %s, that of table %s is %s"
              .formatted(schema.key(), options.table().name(), options.table().key()));
    }
    this.options = options;
    this.time = time;
    this.stop = stop;
    this.sessions = sessions;
    this.statements = new PollStatements(options.table(), options.tombstones(), schema);
    this.future = new FutureRows(options.table(), schema.keyCodec());
    this.quarantine = quarantine;
    this.rows = new RowReader(schema, options.table(), options.limits().rowBytes(), quarantine);
    this.pageSize = new PageSize(options.limits().pageRows());
    stop.onRequest(this::cutOffLater);
  }

  private void cutOffLater() {
    // Never closed: it lasts some seconds, and the process is on its way out.
    Watchdog unused = Watchdog.arm("stop-grace", time, STOP_GRACE, sessions::abort);
  }

  @Override
  public ChangeBatch poll(SourcePosition from, OverlapWindow window, StoredDocuments stored)
      throws SourceException {
    if (stop.isRequested()) {
      throw new SourceException.Stopped("no poll is begun once a stop is requested", null);
    }
    Attempt first = new Attempt(from, window, sessions.poll(from));
    try {
      return first.run();
    } catch (SourceException.RoleSwapped e) {
      if (!first.session.hasServerChanged()) {
        throw e;
      }
      LOG.warn("{}", e.getMessage());
      return new Attempt(from, window, first.session.again()).run();
    }
  }

  /** One poll of one server. */
  private final class Attempt {
    private final SourcePosition from;
    private final OverlapWindow window;
    private final PollSession session;
    private final Instant started = time.now();
    private final long startNanos = time.nanoTime();
    private final int connectsBefore = sessions.connects();
    private final int queriesBefore = sessions.queries();

    Attempt(SourcePosition from, OverlapWindow window, PollSession session) {
      this.from = from;
      this.window = window;
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
      refuseLocalTime(state.server());
      Lag lag = opened.lag();
      long horizon =
          lag instanceof Lag.Known(Duration atMost)
              ? state.nowMicros() - atMost.toNanos() / 1_000
              : state.nowMicros();
      Tombstones tombstones = options.tombstones();
      PollRun run =
          new PollRun(
              from,
              window,
              WindowRules.of(options.overlap(), options.table().version(), horizon),
              tombstones == null
                  ? null
                  : WindowRules.of(options.overlap(), tombstones.version(), horizon),
              sideRules(horizon),
              options.limits(),
              new SqlPageReader(session, statements, rows, pageSize),
              () -> stop.isRequested() || soft.isPast() || session.hasLostConnection());
      run.run();
      run.retry(quarantine.toRetry());
      return batch(opened, state, lag, horizon, run);
    }

    private Map<SideTable, WindowRules> sideRules(long horizon) {
      Map<SideTable, WindowRules> rules = new LinkedHashMap<>();
      for (SideTable side : options.table().alsoChangedBy()) {
        rules.put(side, WindowRules.of(options.overlap(), side.version(), horizon));
        if (!from.changes().equals(Cursor.START) && !from.sides().containsKey(side.name())) {
          LOG.info("side table {} is new: it is read from its start", side.name());
        }
      }
      return rules;
    }

    /** Asked once of each server, since nobody changes that while it runs. */
    private void refuseLocalTime(String server) throws SourceException {
      if (serversLookedAt.contains(server)) {
        return;
      }
      List<LocalTime> found =
          session.run(
              "looking at the columns of versions",
              on ->
                  LocalTime.find(
                      on, options.session().database(), options.table(), options.tombstones()));
      if (!found.isEmpty()) {
        throw new SourceException.SchemaError(found.getFirst().message(), null);
      }
      serversLookedAt.add(server);
    }

    private ChangeBatch batch(
        Sessions.Opened opened, ServerState state, Lag lag, long horizon, PollRun run)
        throws SourceException {
      String whyNot = whyNot(lag, run, session);
      return new ChangeBatch(
          run.changes(),
          from,
          position(state, run),
          run.window(),
          run.reachedEnd(),
          whyNot == null ? Instant.EPOCH.plus(horizon, ChronoUnit.MICROS) : null,
          whyNot,
          state.clock(),
          future.finding(run.ahead(), state.nowMicros()),
          report(opened, state, lag, run));
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

    private PollReport report(Sessions.Opened opened, ServerState state, Lag lag, PollRun run) {
      PollCounts counts = run.counts();
      return new PollReport(
          opened.session().endpoint().toString(),
          started,
          Instant.EPOCH.plus(state.nowMicros(), ChronoUnit.MICROS),
          lag instanceof Lag.Known(Duration atMost) ? atMost : null,
          time.since(startNanos),
          sessions.queries() - queriesBefore,
          sessions.connects() - connectsBefore,
          session.retries(),
          counts.deletionsRead,
          counts.changesRead,
          counts.overlapPairs,
          counts.overlapFetched,
          counts.quarantined,
          pageSize.rows());
    }
  }

  @Override
  public void published(ChangeBatch batch) {
    quarantine.resolve(batch.changes().stream().map(Change::key).toList());
  }

  private @Nullable String whyNot(Lag lag, PollRun run, PollSession session) {
    if (stop.isRequested()) {
      return "the poll was stopped";
    }
    if (!run.reachedEnd() && session.hasLostConnection()) {
      return "the connection was lost in the middle: what was read is kept, the rest comes next";
    }
    if (!run.reachedEnd()) {
      return "there is more to read than one batch or one poll may hold";
    }
    return lag instanceof Lag.Unknown(String why) ? "the lag is unknown: " + why : null;
  }

  /** Ends the connection at once. A poll that runs fails. */
  @Override
  public void close() {
    sessions.close();
  }
}
