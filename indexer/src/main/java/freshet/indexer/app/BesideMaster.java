package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.diff.CycleWait;
import freshet.indexer.diff.DiffProgress;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.session.SessionListener;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.ExitCode;
import freshet.replicator.pause.Pause;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a verb needs that works beside a master: what is published, the database, and the next
 * cycle, which is that of the daemon that runs, or one that the verb runs itself.
 */
final class BesideMaster {
  /** Cycles that a verb runs itself without what it asked for, before it gives up. */
  private static final int MOST_IN_VAIN = 3;

  private final Path file;
  private final IndexerConfig config;
  private final String verb;
  private final Duration atMost;
  private final Time time;
  private final StopSignal stop;

  /**
   * For one verb.
   *
   * @param file that the configuration was read from
   * @param verb that holds the lock while it runs cycles
   * @param atMost how long to wait for a daemon
   */
  BesideMaster(
      Path file, IndexerConfig config, String verb, Duration atMost, Time time, StopSignal stop) {
    this.file = file;
    this.config = config;
    this.verb = verb;
    this.atMost = atMost;
    this.time = time;
    this.stop = stop;
  }

  /** What is published. */
  LocalRepository repository() {
    return new LocalRepository(new RepositoryLayout(config.repository().folder()));
  }

  /** The database, beside it. */
  TableAccess table(SourcePosition from) throws IOException {
    return new TableAccess(inUse(), from, Quarantine.NONE, time, stop);
  }

  /** The configuration with what the indexes are built by, which may be an older one. */
  IndexerConfig inUse() throws IOException {
    return new DefinitionInUse(config.work()).by(config);
  }

  /** Waits for the daemon's cycles; without a daemon there are none. */
  CycleWait wait(Optional<DaemonFile.Daemon> daemon) {
    return new CycleWait(repository(), daemon.isPresent() ? atMost : Duration.ZERO, time, stop);
  }

  DiffProgress progress(Consumer<String> say) {
    return new DiffProgress(say, time);
  }

  /** The daemon that runs. */
  Optional<DaemonFile.Daemon> daemon() throws IOException {
    return new DaemonFile(config.work()).read();
  }

  /** Which cycle is next, in words. */
  String next(Optional<DaemonFile.Daemon> daemon) {
    return daemon
        .map(
            one ->
                "the next cycle of the master that runs (process %d), which is waited for"
                    .formatted(one.pid()))
        .orElse("a cycle that is run now, since no master runs");
  }

  /** Has cycles run until something holds; false if it does not in time. */
  boolean cycleUntil(CycleWait.Condition condition) throws Exception {
    Optional<DaemonFile.Daemon> daemon = daemon();
    if (daemon.isPresent()) {
      return wait(daemon).until(condition);
    }
    try (Master master = Master.open(file, config, verb, SessionListener.NONE, time, stop)) {
      Pause paused = master.pauses().whole();
      if (paused != null) {
        throw new CommandException(
            ExitCode.TRY_AGAIN,
            "%s takes a cycle, and the master is %s; end that first with: bin/indexer resume"
                .formatted(verb, paused.sentence()));
      }
      RetireRequests retirements = new RetireRequests(config);
      int inVain = 0;
      while (true) {
        retirements.takeUp(master.cycle());
        if (condition.holds() || inVain == MOST_IN_VAIN || stop.isRequested()) {
          return condition.holds();
        }
        CycleReport report = master.run();
        if (report.outcome() instanceof CycleOutcome.Failed failed) {
          throw IndexerFailures.of(failed, master.publisher());
        }
        inVain = report.moreToRead() ? 0 : inVain + 1;
      }
    }
  }

  /** That it did not come in time. */
  CommandException late(String what) {
    return new CommandException(
        ExitCode.TRY_AGAIN,
        "%s was asked for, and not done and published within %d s. It stays asked for: bin/indexer"
                .formatted(what, atMost.toSeconds())
            + " status says what the master waits for");
  }
}
