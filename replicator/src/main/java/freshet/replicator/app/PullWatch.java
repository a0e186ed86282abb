package freshet.replicator.app;

import freshet.replicator.alert.SlaveObservation;
import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.pause.Pauses;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch of a slave that cron pulls for: one look at the end of a run, whose memory of what is
 * wrong lasts from run to run. Where a daemon watches the same store, nothing is looked at.
 */
final class PullWatch {
  private static final Logger LOG = LoggerFactory.getLogger(PullWatch.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String WAITS_FOR = "waits for the next bin/replicator pull";

  private final ReplicatorConfig config;
  private final RemoteSettings remote;
  private final Pauses pauses;
  private final SlaveFlight flight;
  private final Time time;

  /**
   * Of one run.
   *
   * @param pauses that hold; one of everything keeps it from pulling
   * @param flight keeps the minute before a failure
   */
  PullWatch(
      ReplicatorConfig config,
      RemoteSettings remote,
      Pauses pauses,
      SlaveFlight flight,
      Time time) {
    this.config = config;
    this.remote = remote;
    this.pauses = pauses;
    this.flight = flight;
    this.time = time;
  }

  /**
   * Records a trouble, looks, and tells. What keeps it from that keeps no pull from being reported.
   *
   * @param trouble what came of the pull; null if it succeeded, or was not tried
   */
  void look(@Nullable PullTrouble trouble) throws InterruptedException {
    if (trouble != null) {
      flight.failed(trouble.failure(), trouble.cause());
    }
    try {
      if (new DaemonFile(config.store().folder()).read().isPresent()) {
        return;
      }
      Path control = new RepositoryLayout(config.store().folder()).control();
      Path lock = control.resolve("alerts.lock");
      String holder = "bin/replicator pull, process " + ProcessHandle.current().pid();
      DurableFiles.createFolders(control);
      if (ProcessLock.tryTake(lock, holder) instanceof ProcessLock.Attempt.Taken taken) {
        ProcessLock held = taken.lock();
        try (held;
            SlaveWatch watch =
                SlaveWatch.of(
                    config,
                    remote,
                    RemoteIncidents.of(remote, time),
                    sight(trouble),
                    flight.recorder(),
                    SlaveWatch.monitor(config, time),
                    time)) {
          watch.look();
          watch.send(PATIENCE);
        }
      }
    } catch (IOException e) {
      LOG.warn("whether somebody should hear of something can't be looked at: {}", e.toString());
    }
  }

  private SlaveWatch.Sight sight(@Nullable PullTrouble trouble) throws IOException {
    SlaveLook.Found found = SlaveLook.inFolder(config);
    SlaveStatus status = found.status();
    return new SlaveWatch.Sight() {
      @Override
      public SlaveObservation observation(Instant at) {
        return new SlaveObservation(
            at,
            status.age(),
            config.freshness().limit(),
            status.canary(),
            WAITS_FOR,
            trouble,
            pauses.whole(),
            SlaveObservation.Standing.of(pauses, found.ages(), at));
      }

      @Override
      public @Nullable String generation() {
        Generation served = status.generation();
        return served == null ? null : served.toString();
      }
    };
  }
}
