package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import picocli.CommandLine.Command;

/** The slave's daemon. */
@Command(
    name = "run",
    description = "Pull on notice and on schedule, search what was pulled, until SIGTERM.")
final class RunVerb extends Verb {
  private static final Duration PATIENCE = Duration.ofSeconds(9);

  RunVerb() {
    super(ReplicatorMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    ReplicatorConfig config = ReplicatorConfig.read(file, System.getenv());
    HostGate.writes(config.store().folder());
    DurableFiles.createFolders(config.store().folder());
    HostGate.pass(config.store().folder(), config.store().folder(), SlaveHost.needs(config));
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, PATIENCE);
    try (RemoteRepository remote = Remotes.open(config, file, time)) {
      stop.onRequest(remote::close);
      RemoteSettings settings = Objects.requireNonNull(config.remote());
      try (Slave slave = Slave.start(config, settings, remote, time, stop)) {
        say("slave %s at %s".formatted(config.name(), slave.uri()));
        stop.await();
      }
    }
    return ExitCode.OK;
  }
}
