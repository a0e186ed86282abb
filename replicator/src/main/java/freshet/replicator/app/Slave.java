package freshet.replicator.app;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.command.BuildVersion;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.ExitCode;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.http.Route;
import freshet.replicator.page.PageRoutes;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.pull.Prefetcher;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.Puller;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.schedule.CronSchedule;
import freshet.replicator.schedule.PullListener;
import freshet.replicator.schedule.SlaveLoop;
import freshet.replicator.schedule.SlaveOptions;
import freshet.replicator.search.SearchRoutes;
import freshet.replicator.search.SearchService;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.swap.SnapshotSwitch;
import freshet.replicator.swap.SwitchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slave's daemon: pulls, switches, searches, and serves its store to other slaves. */
final class Slave implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Slave.class);
  private static final Duration END_PATIENCE = Duration.ofSeconds(4);
  private static final String PAUSE_CRON = "0/1 * * * * ?";
  private static final String REPORT_CRON = "0/5 * * * * ?";
  private static final String ALERT_CRON = "0/5 * * * * ?";
  private static final String CANARY_CRON = "0/5 * * * * ?";
  private static final String SAMPLE_CRON = "0/10 * * * * ?";

  /**
   * One thread for each of the pull, the pauses, the report, the alerts, the canary and the page's
   * samples: none of them waits for another.
   */
  private static final int JOBS = 6;

  private final ProcessLock lock;
  private final DaemonFile daemonFile;
  private final CronSchedule schedule;
  private final Prefetcher prefetcher;
  private final Thread prefetching;
  private final SlaveLoop loop;
  private final SnapshotServer snapshots;
  private final HttpServer http;
  private final SnapshotSwitch live;
  private final SlaveMetrics metrics;
  private final ExecutorService searchers;
  private final SlaveFlight flight;
  private final SlaveWatch watch;
  private final SlavePage pageContent;
  private final PageRoutes page;

  private Slave(
      ReplicatorConfig config,
      RemoteSettings settings,
      RemoteRepository remote,
      ProcessLock lock,
      HttpSecurity security,
      Time time,
      StopSignal stop)
      throws IOException {
    this.lock = lock;
    LocalRepository store = new LocalRepository(new RepositoryLayout(config.store().folder()));
    live = new SnapshotSwitch(store, Runtime.getRuntime().availableProcessors(), time);
    Serving serving = new Serving(store, live, config.freshness(), time);
    resume(serving);
    snapshots =
        SnapshotServer.start(
            store, ServeOptions.DEFAULT, Http.limits(config.server()), time, new SecureRandom());
    flight = new SlaveFlight(config, settings, time);
    flight.recorder().watch(new ServedTraffic(snapshots::transfers));
    PauseWatch pauses = new PauseWatch(store.layout(), time);
    Puller puller = PullVerb.puller(config.store(), remote, time, stop);
    prefetcher =
        new Prefetcher(
            remote,
            store,
            config.store().pull(),
            stop,
            () -> puller.isPulling() || pauses.whole() != null,
            puller.replays());
    metrics =
        new SlaveMetrics(
            serving,
            prefetcher,
            puller.packs(),
            puller.replays(),
            config.store().pull().replay(),
            config.metricsPerCity());
    metrics.bind(new TransferMetrics(snapshots::transfers));
    loop =
        new SlaveLoop(
            puller,
            options(config.pullCron()),
            time,
            new SecureRandom(),
            stop,
            pauses,
            new Pulls(serving, puller));
    AlertMonitor monitor = SlaveWatch.monitor(config, time);
    Optional<RemoteIncidents> incidents = RemoteIncidents.of(settings, time);
    SlaveView view =
        new SlaveView(
            config, settings.url(), serving, puller, loop, monitor, pauses, incidents, time);
    watch = SlaveWatch.of(config, settings, incidents, view, flight.recorder(), monitor, time);
    metrics.bind(watch.metrics());
    metrics.bind(new FlightMetrics(flight.recorder()));
    metrics.bind(new PauseMetrics(pauses, time));
    pageContent =
        new SlavePage(
            view,
            new KeptSnapshots(store),
            watch::open,
            flight.recorder()::recent,
            () -> snapshots.fleet().at(time.now()),
            time);
    page = new PageRoutes(pageContent::look, time);
    metrics.bind(new StoreMetrics(view::freeBytes));
    searchers = Workers.fixed("search", Runtime.getRuntime().availableProcessors());
    SearchService search = new SearchService(live, config.search(), time);
    List<Route> routes = new ArrayList<>(snapshots.routes());
    routes.addAll(
        new SlaveRoutes(new SearchRoutes(search, searchers), view, metrics, watch::open, page)
            .all());
    http =
        HttpServer.start(
            Http.options(config.server()), security, routes, time, BuildVersion.text());
    daemonFile = new DaemonFile(config.store().folder());
    daemonFile.write(http.uri(), time.now());
    schedule = new CronSchedule("slave", JOBS, ZoneId.systemDefault(), END_PATIENCE, time);
    loop.start(schedule);
    prefetching = Workers.thread("prefetch", prefetcher::run);
    prefetching.start();
    SlaveReporter.of(settings, config.name(), view::status, () -> ready(time), time)
        .ifPresent(reporter -> schedule.start("report", REPORT_CRON, reporter::report));
    schedule.start("pauses", PAUSE_CRON, () -> followPauses(serving, puller));
    schedule.start("alert", ALERT_CRON, watch::look);
    schedule.start("canary", CANARY_CRON, serving::seekCanary);
    schedule.start("sample", SAMPLE_CRON, pageContent::sample);
    LOG.info("slave {} pulls from {}", config.name(), remote.address());
    Remotes.tokenWarning(settings).ifPresent(LOG::warn);
  }

  /** Starts everything; what the store has is served before the first pull. */
  static Slave start(
      ReplicatorConfig config,
      RemoteSettings settings,
      RemoteRepository remote,
      Time time,
      StopSignal stop)
      throws IOException, CommandException {
    Path control = new RepositoryLayout(config.store().folder()).control();
    DurableFiles.createFolders(control);
    HttpSecurity security = Http.security(config.server(), time);
    String holder =
        "bin/replicator run, process %d, since %s"
            .formatted(ProcessHandle.current().pid(), time.now());
    return switch (ProcessLock.tryTake(control.resolve("daemon.lock"), holder)) {
      case ProcessLock.Attempt.Held held ->
          throw new CommandException(
              ExitCode.LOCKED,
              "%s is at work in %s: one slave runs on a store"
                  .formatted(held.holder(), config.store().folder()));
      case ProcessLock.Attempt.Taken taken -> {
        try {
          yield new Slave(config, settings, remote, taken.lock(), security, time, stop);
        } catch (IOException | RuntimeException e) {
          taken.lock().close();
          throw e;
        }
      }
    };
  }

  /** Where it listens. */
  URI uri() {
    return http.uri();
  }

  /** Ends everything, within seconds. The stop was requested before. */
  @Override
  public void close() throws IOException {
    try {
      if (!loop.awaitEnd(END_PATIENCE)) {
        LOG.warn("the pull did not end within {}; what it fetched is kept", END_PATIENCE);
      }
      if (!prefetching.join(END_PATIENCE)) {
        LOG.warn("what is fetched ahead did not end within {}; it is resumed", END_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    schedule.close();
    watch.close();
    flight.close();
    snapshots.close();
    page.close();
    http.close();
    searchers.shutdown();
    live.close();
    metrics.close();
    daemonFile.delete();
    lock.close();
    LOG.info("slave ended");
  }

  /** What is here and with those who pull from here: then nobody waits for it any more. */
  private Set<String> ready(Time time) {
    return snapshots.prepared().at(time.now()).withAll(prefetcher.ready());
  }

  /** What happens after each pull. */
  private final class Pulls implements PullListener {
    private final Serving serving;
    private final Puller puller;

    Pulls(Serving serving, Puller puller) {
      this.serving = serving;
      this.puller = puller;
    }

    @Override
    public void heard(PullOutcome outcome) {
      Slave.this.heard(serving, puller, outcome);
    }

    @Override
    public void failed(PullTrouble trouble) {
      flight.failed(trouble.failure(), trouble.cause());
      metrics.pullFailed(trouble.failure());
    }
  }

  private void heard(Serving serving, Puller puller, PullOutcome outcome) {
    metrics.pulled(outcome);
    switching(
        puller,
        () -> {
          serving.heard(outcome);
          serving.reopenHealed();
        });
    snapshots.latestChanged();
    prefetcher.follow(outcome);
  }

  /** What may have changed what is served. */
  private interface Switching {
    void run() throws IOException, SwitchException;
  }

  private static void switching(Puller puller, Switching work) {
    try {
      work.run();
    } catch (SwitchException e) {
      if (e instanceof SwitchException.Damaged damaged) {
        puller.doubt(damaged.cities());
      }
      throw new IllegalStateException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Once a second, since a pause ends by itself, also while the remote is dead. */
  private static void followPauses(Serving serving, Puller puller) {
    try {
      switching(puller, serving::followPauses);
    } catch (IllegalStateException | UncheckedIOException e) {
      LOG.warn("paused cities can't be switched, which is tried again: {}", e.getMessage());
    }
  }

  private static void resume(Serving serving) {
    try {
      serving.resume();
    } catch (IOException | SwitchException e) {
      LOG.warn("what the store has is not served until the next pull: {}", e.toString());
    }
  }

  private static SlaveOptions options(String cron) {
    SlaveOptions otherwise = SlaveOptions.DEFAULT;
    return new SlaveOptions(
        otherwise.noticeWait(), cron, otherwise.firstBackoff(), otherwise.longestBackoff());
  }
}
