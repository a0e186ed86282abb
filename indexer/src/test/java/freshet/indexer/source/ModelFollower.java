package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Polls a {@link TableModel} and applies what it gets, as the cycle does. */
final class ModelFollower {
  private static final long NEVER = 1L << 50;

  private final TableModel table;
  private final long overlap;
  private final long coarseTick;
  private Limits limits;
  private final WallClock clock;
  private final StoredDocuments stored = new StoredCopy(this::versions);
  private Checking checking;
  VolatileMemory memory = new VolatileMemory();
  Checks checks;
  private List<Change> taken = List.of();
  boolean hasLostTransactions;

  /** What is polled, and how far it says to be behind; without GTID it does not say what it has. */
  String server = "s";

  boolean hasGtid = true;
  long lag;
  final Map<Long, TableModel.Content> documents = new TreeMap<>();
  SourcePosition position = SourcePosition.START;
  OverlapWindow window = OverlapWindow.UNSEEN;

  ModelFollower(TableModel table, long overlap, long coarseTick, int pageRows, int batchRows) {
    this(table, overlap, coarseTick, pageRows, batchRows, WallClock.UTC);
  }

  ModelFollower(
      TableModel table,
      long overlap,
      long coarseTick,
      int pageRows,
      int batchRows,
      WallClock clock) {
    this.table = table;
    this.overlap = overlap;
    this.coarseTick = coarseTick;
    this.clock = clock;
    this.limits = new Limits(pageRows, batchRows, 1 << 20);
    withChecks(NEVER, 1, NEVER, NEVER);
  }

  /**
   * With sweeps and id diffs, which else never run.
   *
   * @param keptFor how long tombstones live
   */
  ModelFollower withChecks(long sweepEvery, long reach, long diffEvery, long keptFor) {
    checking =
        new Checking(
            new CheckOptions(micros(sweepEvery), micros(reach), micros(diffEvery), micros(NEVER)),
            new DiffSchedule(micros(diffEvery), micros(keptFor), false, clock, null));
    return this;
  }

  /** With a window that holds no more pairs than this. */
  ModelFollower withWindow(int pairs) {
    limits =
        new Limits(
            limits.pageRows(), limits.batchRows(), limits.batchBytes(), limits.rowBytes(), pairs);
    return this;
  }

  /** As a process that starts again. */
  void restart() {
    window = OverlapWindow.UNSEEN;
  }

  /** One poll whose batch is published. */
  PollRun poll(long horizon) throws SourceException {
    PollRun run = read(horizon);
    for (Change change : taken) {
      long id = TableModel.id(change.key());
      switch (change) {
        case Change.Upsert upsert ->
            documents.put(
                id,
                new TableModel.Content(
                    upsert.document().version(), (String) upsert.document().values().getFirst()));
        case Change.Deletion deletion -> documents.remove(id);
      }
    }
    position = new SourcePosition(server, "", run.deletionCursor(), run.changeCursor(), Map.of());
    window = run.window();
    return run;
  }

  /** One poll whose batch is lost on the way. */
  void pollInVain(long horizon) throws SourceException {
    read(horizon);
    window = OverlapWindow.UNSEEN;
  }

  /** Polls until all is read; a poll that never gets on is found by the bound. */
  void pollToEnd(long horizon) throws SourceException {
    for (int i = 0; i < 1_000; i++) {
      if (poll(horizon).reachedEnd()) {
        return;
      }
    }
    throw new AssertionError("1,000 polls have not reached the end");
  }

  private PollRun read(long horizon) throws SourceException {
    long widened = memory.read().overlap().toNanos() / 1_000;
    WindowRules rules = new WindowRules(Math.max(overlap, widened), coarseTick, horizon, clock);
    PollReads reads = new PollReads(table, stored, new BatchDraft(limits, () -> false));
    PollPoint point = new PollPoint(position, horizon, true, hasLostTransactions);
    boolean wasLost = window.equals(OverlapWindow.UNSEEN);
    Remembered begun =
        new ServerChange(server, hasGtid, horizon + lag, lag, rules.overlap(), clock)
            .begin(position, memory.read());
    checks = checking.begin(point, rules, rules, reads, wasLost, begun);
    PollRun run = new PollRun(position, window, rules, rules, Map.of(), List.of(), reads, checks);
    run.run();
    OrderRun order = new OrderRun(begun, position.changes(), rules, rules);
    taken = order.taken(reads.draft(), stored);
    memory.keep(order.remembered(checks.remembered(), reads.draft()));
    return run;
  }

  private Map<DocumentKey, Long> versions() {
    Map<DocumentKey, Long> versions = new HashMap<>();
    documents.forEach((id, content) -> versions.put(TableModel.key(id), content.version()));
    return versions;
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
