package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.SourcePosition;
import java.util.Map;
import java.util.TreeMap;

/** Polls a {@link TableModel} and applies what it gets, as the cycle does. */
final class ModelFollower {
  private final TableModel table;
  private final long overlap;
  private final long coarseTick;
  private final Limits limits;
  private final WallClock clock;
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
  }

  /** One poll whose batch is published. */
  PollRun poll(long horizon) throws SourceException {
    PollRun run = read(horizon);
    for (Change change : run.changes()) {
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
    position = new SourcePosition("s", "", run.deletionCursor(), run.changeCursor(), Map.of());
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
    WindowRules rules = new WindowRules(overlap, coarseTick, horizon, clock);
    PollRun run = new PollRun(position, window, rules, rules, Map.of(), limits, table, () -> false);
    run.run();
    return run;
  }
}
