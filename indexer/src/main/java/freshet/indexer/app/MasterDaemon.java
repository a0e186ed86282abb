package freshet.indexer.app;

import freshet.indexer.alert.ConnectHistory;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.app.CityArguments;
import freshet.replicator.app.FlightMetrics;
import freshet.replicator.app.Http;
import freshet.replicator.app.KeptSnapshots;
import freshet.replicator.app.PauseMetrics;
import freshet.replicator.app.ServedTraffic;
import freshet.replicator.app.TransferMetrics;
import freshet.replicator.command.BuildVersion;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.ExitCode;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.HttpRequest;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.http.Route;
import freshet.replicator.page.PageRoutes;
import freshet.replicator.pause.Pauses;
import freshet.replicator.publish.PublishException;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.schedule.CronSchedule;
import freshet.replicator.serve.PreparedMerges;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a master's cycles on schedule, and serves what they publish. */
final class MasterDaemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterDaemon.class);
  private static final Duration END_PATIENCE = Duration.ofSeconds(6);
  private static final String JOB = "cycle";
  private static final String ALERT_CRON = "0/5 * * * * ?";

  private static final String SAMPLE_CRON = "0/10 * * * * ?";

  /** One thread for each of the cycles, the alerts and the page: none waits for another. */
  private static final int JOBS = 3;

  private static final int OK = 200;

  private final Master master;
  private final Time time;
  private final StopSignal stop;
  private final CycleHistory history = new CycleHistory();
  private final MasterMetrics metrics;
  private final LatestStatistics statistics;
  private final CityMetrics cityMetrics;
  private final RebuildMetrics rebuildMetrics;
  private final FleetMetrics fleetMetrics;
  private final RetireRequests retirements;
  private final ConfigFollower follower;
  private final Path work;
  private final SnapshotServer snapshots;
  private final HttpServer http;
  private final DaemonFile daemonFile;
  private final CronSchedule schedule;
  private final MasterFlight flight;
  private final MasterWatch watch;
  private final MasterPage pageContent;
  private final PageRoutes page;
  private volatile ExitCode exitCode = ExitCode.OK;

  /**
   * Starts serving, then the schedule.
   *
   * @param file that the configuration was read from
   * @param metrics what /metrics tells, fed from here
   * @param connects how connects to the database go, fed by the master's stages
   */
  MasterDaemon(
      IndexerConfig config,
      Path file,
      Master master,
      MasterMetrics metrics,
      ConnectHistory connects,
      Time time,
      StopSignal stop)
      throws IOException, CommandException {
    this.master = master;
    this.time = time;
    this.stop = stop;
    this.metrics = metrics;
    this.metrics.quarantine(() -> master.quarantine().rows());
    this.statistics =
        new LatestStatistics(
            () -> master.cities().statistics(),
            () -> master.publisher().current().map(Snapshot::generation));
    this.cityMetrics = new CityMetrics(statistics::read, config.metrics().perCity());
    metrics.bind(cityMetrics);
    metrics.bind(new MergeMetrics(() -> master.cities().mergeFigures()));
    this.rebuildMetrics = new RebuildMetrics(() -> RebuildStatus.look(config.work()));
    metrics.bind(rebuildMetrics);
    this.retirements = new RetireRequests(config);
    this.work = config.work();
    this.follower =
        new ConfigFollower(
            file,
            System.getenv(),
            "merge.max_rate",
            changed ->
                master.cities().limitMerges(changed.build().merge().limits().maxBytesPerSecond()));
    HttpSecurity security = Http.security(config.server(), time);
    this.snapshots =
        SnapshotServer.start(
            master.repository(),
            ServeOptions.DEFAULT,
            Http.limits(config.server()),
            time,
            new SecureRandom());
    master.publisher().onMove(snapshots::latestChanged);
    this.flight = new MasterFlight(config, time);
    flight.recorder().watch(new ServedTraffic(snapshots::transfers));
    connects.tell(flight, flight.recorder()::isServing);
    this.watch =
        new MasterWatch(
            config,
            master,
            history,
            connects,
            () -> snapshots.fleet().at(time.now()).slaves(),
            flight,
            time);
    watch.rememberSlaves(time.now());
    this.pageContent =
        new MasterPage(
            config,
            master::publisher,
            new KeptSnapshots(master.repository()),
            new MasterPage.Sources(
                this::waitsFor,
                master.pauses()::now,
                watch::open,
                () -> snapshots.fleet().at(time.now()),
                metrics.database()::histograms,
                flight.recorder()::recent),
            time);
    this.page = new PageRoutes(pageContent::look, time);
    this.fleetMetrics = new FleetMetrics(pageContent::fleet, pageContent::publishedAge);
    metrics.bind(fleetMetrics);
    // Before anybody can ask when the next cycle is.
    this.schedule = new CronSchedule("indexer", JOBS, ZoneId.systemDefault(), END_PATIENCE, time);
    this.http =
        HttpServer.start(
            Http.options(config.server()), security, routes(), time, BuildVersion.text());
    metrics.bind(watch.metrics());
    metrics.bind(new FlightMetrics(flight.recorder()));
    metrics.bind(new PauseMetrics(master.pauses(), time));
    metrics.bind(new TransferMetrics(snapshots::transfers));
    metrics.database().tell(snapshots.handshakes());
    HandshakeProbe probe =
        new HandshakeProbe(
            config.source().session(), metrics.database(), flight, snapshots.handshakes(), time);
    this.daemonFile = new DaemonFile(config.work());
    this.daemonFile.write(http.uri(), time.now());
    this.schedule.start(JOB, config.buildCron(), this::cycles);
    if (config.server().transfers().yields()) {
      Workers.thread("handshake", () -> probe.run(stop)).start();
    }
    this.schedule.start("alert", ALERT_CRON, watch::look);
    this.schedule.start("sample", SAMPLE_CRON, pageContent::sample);
    LOG.info("master at {} publishes to {}", http.uri(), config.repository().folder());
  }

  /** What the process should exit with once it is stopped. */
  ExitCode exitCode() {
    return exitCode;
  }

  /** Ends the cycle that runs and the server. The stop was requested before. */
  @Override
  public void close() throws IOException {
    schedule.close();
    watch.close();
    flight.close();
    snapshots.close();
    page.close();
    http.close();
    daemonFile.delete();
    LOG.info("master ended");
  }

  private List<Route> routes() {
    List<Route> routes = new ArrayList<>(snapshots.routes());
    routes.addAll(page.all(this::status));
    routes.add(
        Route.get("/incidents", unused -> HttpAnswer.json(OK, SnapshotCodec.write(watch.open()))));
    routes.add(Route.open("/healthz", unused -> HttpAnswer.json(OK, Map.of("alive", true))));
    routes.add(Route.get("/metrics", unused -> metrics()));
    return routes;
  }

  private HttpAnswer status(HttpRequest request) throws HttpProblem {
    List<String> names = request.queries("city");
    return HttpAnswer.json(
        OK,
        SnapshotCodec.write(
            names.isEmpty()
                ? status()
                : status().withAges(CityArguments.asked(names, pageContent.cityAges()))));
  }

  private HttpAnswer metrics() {
    cityMetrics.refresh();
    rebuildMetrics.refresh();
    fleetMetrics.refresh();
    return HttpAnswer.metrics(metrics.scrape());
  }

  private void cycles() {
    follower.follow();
    retirements.takeUp(master.cycle());
    PreparedMerges.Figures prepared = snapshots.prepared().at(time.now());
    master.cycle().prepared(prepared.slaves(), prepared.having());
    boolean more = true;
    while (more && !stop.isRequested() && master.pauses().whole() == null) {
      history.begins(time.now());
      CycleReport report = master.run();
      history.ended(report);
      metrics.cycle(report);
      watch.cycled(report);
      more = report.moreToRead() && report.isClean();
      if (report.outcome() instanceof CycleOutcome.Failed failed
          && failed.cause() instanceof PublishException.Replaced) {
        // A new process takes a new epoch and goes on; systemd starts one.
        LOG.error("the repository was replaced: this process ends, its successor goes on");
        exitCode = ExitCode.TRY_AGAIN;
        stop.request();
      }
    }
  }

  private String waitsFor() {
    return MasterStatus.waitsFor(
        history.runningSince(),
        history.newest(),
        history.failingSince(),
        schedule.next(JOB).orElse(null),
        master.pauses().now().whole());
  }

  private MasterStatus status() {
    CycleReport newest = history.newest();
    Pauses paused = master.pauses().now();
    return MasterStatus.of(
        MasterStatus.stateOf(history.runningSince(), newest, paused.whole()),
        waitsFor(),
        ProcessHandle.current().pid(),
        http.uri().toString(),
        master.publisher().advertisement().orElse(null),
        master.publisher().current().orElse(null),
        master.cycle().behind(),
        master.held(),
        snapshots.fleet().at(time.now()).slaves(),
        snapshots.transfers(),
        master.quarantine().rows(),
        master.cities().mergeFigures(),
        statistics.read(),
        RebuildStatus.look(work).orElse(null),
        paused,
        history.reports());
  }
}
