package freshet.replicator.app;

import freshet.replicator.command.BuildVersion;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.flight.FlightRecorder;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.http.Route;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.schedule.CronSchedule;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Serves a repository that another process writes. */
@Command(
    name = "serve",
    description = "Serve a repository that cron builds with bin/indexer build, until SIGTERM.")
final class ServeVerb extends Verb {
  private static final Duration PATIENCE = Duration.ofSeconds(9);
  private static final Duration ALERT_PATIENCE = Duration.ofSeconds(2);
  private static final String ALERT_CRON = "0/5 * * * * ?";
  private static final int OK = 200;

  ServeVerb() {
    super(ReplicatorMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    ReplicatorConfig config = ReplicatorConfig.read(file, System.getenv());
    Path folder = config.repository();
    if (folder == null) {
      throw new CommandException(
          ExitCode.CONFIG,
          file + ":1: repository.folder: missing: what is to be served is required");
    }
    HostGate.writes(folder);
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, PATIENCE);
    LocalRepository repository = new LocalRepository(new RepositoryLayout(folder));
    DurableFiles.createFolders(repository.layout().control());
    DaemonFile daemonFile = new DaemonFile(repository.layout().control());
    HttpSecurity security = Http.security(config.server(), time);
    try (FlightRecorder recorder = ServerWatch.recorder(config, repository.layout(), time);
        ServerWatch watch = new ServerWatch(config, repository, recorder, time);
        SnapshotServer snapshots =
            SnapshotServer.start(
                repository,
                ServeOptions.DEFAULT,
                Http.limits(config.server()),
                time,
                new SecureRandom());
        HttpServer http =
            HttpServer.start(
                Http.options(config.server()),
                security,
                routes(snapshots, watch),
                time,
                BuildVersion.text());
        CronSchedule schedule =
            new CronSchedule("serve", 1, ZoneId.systemDefault(), ALERT_PATIENCE, time)) {
      recorder.watch(new ServedTraffic(snapshots::transfers));
      schedule.start("alert", ALERT_CRON, watch::look);
      stop.onRequest(snapshots::close);
      daemonFile.write(http.uri(), time.now());
      say("serving %s at %s".formatted(folder, http.uri()));
      stop.await();
    }
    daemonFile.delete();
    return ExitCode.OK;
  }

  private static List<Route> routes(SnapshotServer snapshots, ServerWatch watch) {
    List<Route> routes = new ArrayList<>(snapshots.routes());
    routes.add(Route.open("/healthz", unused -> HttpAnswer.json(OK, Map.of("alive", true))));
    routes.add(
        Route.get("/incidents", unused -> HttpAnswer.json(OK, SnapshotCodec.write(watch.open()))));
    return routes;
  }
}
