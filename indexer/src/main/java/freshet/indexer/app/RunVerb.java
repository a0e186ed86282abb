package freshet.indexer.app;

import freshet.indexer.alert.ConnectHistory;
import freshet.indexer.config.IndexerConfig;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;

/** The master's daemon. */
@Command(
    name = "run",
    description = "Build on schedule and serve what is published, until SIGTERM.")
final class RunVerb extends Verb {
  private static final Duration PATIENCE = Duration.ofSeconds(9);

  RunVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    IndexerConfig config = Host.toWrite(file);
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, PATIENCE);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    DatabaseMetrics database = new DatabaseMetrics(config.source().session().endpoints(), registry);
    ConnectHistory connects = new ConnectHistory(database);
    try (Master master = Master.open(file, config, "run", connects, time, stop);
        MasterMetrics metrics =
            new MasterMetrics(registry, database, () -> master.publisher().current().orElse(null));
        MasterDaemon daemon =
            new MasterDaemon(config, file, master, metrics, connects, time, stop)) {
      stop.await();
      return daemon.exitCode();
    }
  }
}
