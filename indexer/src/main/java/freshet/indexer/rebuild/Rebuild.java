package freshet.indexer.rebuild;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityFolders;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.WorkingCity;
import freshet.indexer.bulk.BulkLoad;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.route.RoutingLoad;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.scan.TableScan;
import freshet.indexer.scan.WaitReason;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.ChangeSource;
import freshet.indexer.table.UnlistedRows;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds cities anew beside the working indexes, up to where the master may switch to them.
 *
 * <p>Promise: wherever the process ends, the same call in another one goes on. Rows that were read
 * are not read again, but for the last pages. Nothing outside of the rebuild's folder is touched.
 * Used by one thread, under {@link RebuildFolder#lock()}.
 */
public final class Rebuild {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  private final RebuildFolder folder;
  private final RebuildTask task;
  private final RebuildStages stages;
  private final RebuildMonitor monitor;
  private final Time time;
  private final AtomicLong rows = new AtomicLong();
  private volatile int threads = 1;
  private volatile Map<WaitReason, Duration> waited = Map.of();

  /** A rebuild in a folder, whose lock the caller holds. */
  public Rebuild(
      RebuildFolder folder,
      RebuildTask task,
      RebuildStages stages,
      RebuildMonitor monitor,
      Time time) {
    this.folder = folder;
    this.task = task;
    this.stages = stages;
    this.monitor = monitor;
    this.time = time;
  }

  /** Another rebuild is under way, which this one would throw away. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Reads all rows into new indexes, or what an earlier process left of that, and commits them.
   * Does nothing if that is done.
   *
   * @return how far it has come then: catching up, or further
   * @throws SourceException if the table can't be read, or a stop was requested
   * @throws IOException if the disk failed
   */
  public RebuildState load() throws SourceException, IOException, InterruptedException, Refused {
    Optional<RebuildState> left = folder.read();
    if (left.isPresent() && left.get().phase().compareTo(Phase.SWITCHING) >= 0) {
      return left.get();
    }
    try (TableScan scan = stages.scan()) {
      SourcePosition now = scan.begin();
      RebuildState state =
          switch (RebuildStart.decide(
              left.orElse(null), folder.readDefinition(), task, now.server())) {
            case RebuildStart.Begin(String reason) -> begin(scan, now, reason);
            case RebuildStart.Resume(RebuildState resumed) -> resume(scan, resumed);
            case RebuildStart.Switching(RebuildState theirs) -> theirs;
            case RebuildStart.Refuse(String reason) -> throw new Refused(reason);
          };
      return state.phase() == Phase.READING ? read(scan, state) : state;
    }
  }

  private RebuildState begin(TableScan scan, SourcePosition now, @Nullable String reason)
      throws SourceException, IOException {
    if (reason != null) {
      monitor.says("what was rebuilt before is thrown away: " + reason);
    }
    folder.delete();
    long estimated = scan.estimatedRows();
    RebuildState state =
        RebuildState.begin(task, time.now(), now, scan.split(Ranges.parts(estimated)), estimated);
    folder.writeDefinition(task.definition());
    folder.write(state);
    monitor.says(
        "%s: about %s read in %s"
            .formatted(
                task.selection(),
                Count.of(estimated, "row is", "rows are"),
                Count.of(state.ranges().size(), "range")));
    return state;
  }

  private RebuildState resume(TableScan scan, RebuildState state) {
    scan.resume(state.begin());
    monitor.says(
        "%s: goes on with the rebuild of %s (%s)"
            .formatted(task.selection(), state.started(), state.phase()));
    return state;
  }

  private RebuildState read(TableScan scan, RebuildState state)
      throws SourceException, IOException, InterruptedException {
    try (BulkLoad load = stages.load();
        RoutingLoad routes = RoutingLoad.begin(folder.routing())) {
      boolean isResumed = !load.reached().isEmpty();
      if (isResumed) {
        folder.progress().ifPresent(before -> rows.set(before.rows()));
        // What a kill kept from being noted: each document was a row.
        rows.accumulateAndGet(load.documents(), Math::max);
        folder.takeUnlisted().ifPresentOrElse(scan.unlisted()::goOn, scan.unlisted()::missSome);
      }
      follow(scan);
      ProgressTicker ticker = ticker(state, load::documents, () -> follow(scan));
      try {
        new RangeReaders(scan, load, routes, task.selection(), rows)
            .run(state.ranges(), () -> threads);
        load.finish(state.begin());
        if (!isResumed && load.rejected() == 0) {
          routes.finish();
        }
      } finally {
        ticker.end();
        keep(scan.unlisted());
      }
    }
    RebuildState loaded = state.loaded();
    folder.write(loaded);
    LOG.info("{} rows read, the new indexes are committed", rows);
    return loaded;
  }

  /** Without it the count is told to be low, which is no reason to fail, or to hide why it did. */
  private void keep(UnlistedRows unlisted) {
    try {
      folder.write(unlisted.keep());
    } catch (IOException e) {
      LOG.warn("how many rows are of cities that are not listed was not noted: {}", e.toString());
    }
  }

  /** Takes over the limits as they are by now; why reading waits. */
  private @Nullable String follow(TableScan scan) {
    RebuildLimits limits = monitor.limits();
    scan.limits(limits.scan());
    threads = limits.threads();
    waited = scan.waited();
    return scan.waitsFor().orElse(null);
  }

  /**
   * Hands over what is loaded as it is, for the master's next poll to catch up. For a first load:
   * while nothing is served yet, nobody is better off with a second who polls.
   *
   * @return ready, at the position where the load began
   */
  public RebuildState handOver() throws BuildException, IOException {
    RebuildState state = folder.read().orElseThrow();
    if (state.phase() != Phase.CATCHING_UP) {
      return state;
    }
    try (CityIndexes cities = stages.cities();
        RoutingTable routes = RoutingTable.open(folder.routing())) {
      routes.standFor(state.begin(), cities.contents());
      state = state.ready(incarnations(cities));
    }
    folder.write(state);
    return state;
  }

  /**
   * Applies what changed since the rows were read, up to now. May be called again while nobody
   * switches, so that the switch has less to do.
   *
   * @return ready; or how far the master has come that has begun to switch
   */
  public RebuildState catchUp()
      throws SourceException, BuildException, IOException, InterruptedException {
    RebuildState state = folder.read().orElseThrow();
    if (state.phase() == Phase.READY) {
      RebuildState again = state.again();
      if (!folder.advance(Phase.READY, again)) {
        return folder.read().orElse(state);
      }
      state = again;
    }
    if (state.phase() != Phase.CATCHING_UP) {
      return state;
    }
    SortedMap<City, Incarnation> built;
    try (ChangeSource source = stages.source(state.begin());
        CityIndexes cities = stages.cities();
        RoutingTable routes = RoutingTable.open(folder.routing())) {
      routes.standFor(state.begin(), cities.contents());
      CatchUp catchUp = new CatchUp(source, cities, routes, task.selection(), state.begin());
      AtomicLong documents = new AtomicLong(routes.size());
      ProgressTicker ticker = ticker(state, documents::get, () -> null);
      try {
        boolean isEnd;
        do {
          isEnd = catchUp.step();
          documents.set(routes.size());
          state = state.caughtUpTo(catchUp.position());
          folder.write(state);
        } while (!isEnd);
      } finally {
        ticker.end();
      }
      built = incarnations(cities);
    }
    // Not before the indexes are closed: the master may take them at once.
    folder.write(
        BuiltFiles.of(new CityFolders(folder.cities()), built, folder.built().orElse(null)));
    RebuildState ready = state.ready(built);
    folder.write(ready);
    return ready;
  }

  private static SortedMap<City, Incarnation> incarnations(CityIndexes cities) {
    SortedMap<City, Incarnation> built = new TreeMap<>();
    for (WorkingCity city : cities.working().values()) {
      built.put(city.city(), city.incarnation());
    }
    return built;
  }

  private ProgressTicker ticker(
      RebuildState state, LongSupplier documents, Supplier<@Nullable String> waitsFor) {
    Pace pace = new Pace();
    return new ProgressTicker(
        () -> {
          long built = documents.getAsLong();
          // Rows count by the page; each document is of one that was read.
          long read = Math.max(rows.get(), built);
          RebuildProgress progress =
              RebuildProgress.of(
                  state.phase(),
                  built,
                  read,
                  state.estimatedRows(),
                  pace.sample(time.nanoTime(), read),
                  waitsFor.get(),
                  waited);
          monitor.progressed(progress);
          try {
            folder.write(progress);
          } catch (IOException e) {
            LOG.debug("the progress was not noted, which only status shows", e);
          }
        });
  }
}
