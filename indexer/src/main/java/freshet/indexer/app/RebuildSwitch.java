package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.session.SessionListener;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the master switches to a rebuild that is ready: the daemon that runs, or this
 * process, once nobody else holds the working folder.
 */
final class RebuildSwitch {
  private static final Duration LOOK = Duration.ofMillis(500);

  /** After which what changed is caught up once more, so that the switch stays short. */
  private static final Duration STALE = Duration.ofMinutes(1);

  /** Cycles that may leave the rebuild where it is, each for a reason of its own. */
  private static final int MOST_CYCLES = 3;

  private final Path file;
  private final IndexerConfig config;
  private final RebuildFolder folder;
  private final Consumer<String> say;
  private final Time time;
  private final StopSignal stop;

  /**
   * A switch.
   *
   * @param file that the configuration was read from
   * @param say tells people
   * @param stop ends the wait
   */
  RebuildSwitch(
      Path file,
      IndexerConfig config,
      RebuildFolder folder,
      Consumer<String> say,
      Time time,
      StopSignal stop) {
    this.file = file;
    this.config = config;
    this.folder = folder;
    this.say = say;
    this.time = time;
    this.stop = stop;
  }

  /** Something to do while the master takes its time. */
  interface Meanwhile {
    /** Catches up once more. */
    void run() throws Exception;
  }

  /** Returns once the rebuild in the folder is published. */
  void await(Meanwhile meanwhile) throws Exception {
    String told = null;
    Deadline fresh = Deadline.after(time, STALE);
    while (folder.read().isPresent()) {
      if (stop.isRequested()) {
        throw new CommandException(
            ExitCode.TRY_AGAIN,
            "stopped; what is built is ready, and the master switches to it with its next cycle"
                + " (bin/indexer run or build)");
      }
      Optional<String> refusal = folder.refusal();
      if (refusal.isPresent()) {
        throw new CommandException(
            ExitCode.REFUSED, "the master does not switch to the rebuild: " + refusal.get());
      }
      String holder = switchAlone();
      String waits = holder == null ? null : holder + folder.waits().map("; "::concat).orElse("");
      if (waits != null && !waits.equals(told)) {
        say.accept("ready; waits for the master to switch and publish: " + waits);
        told = waits;
      }
      if (holder != null && fresh.isPast()) {
        meanwhile.run();
        fresh = Deadline.after(time, STALE);
      }
      if (holder != null) {
        boolean unused = stop.await(LOOK);
      }
    }
  }

  /** Switches and publishes, unless somebody else holds the working folder; that one, if so. */
  private @Nullable String switchAlone() throws Exception {
    try (Master master = Master.open(file, config, "rebuild", SessionListener.NONE, time, stop)) {
      run(master);
      return null;
    } catch (CommandException e) {
      if (e.exitCode() != ExitCode.LOCKED) {
        throw e;
      }
      Optional<LockHolder> holder = LockHolder.of(Master.lockFile(config));
      return holder.map(LockHolder::text).orElse("whoever holds the working folder");
    }
  }

  private void run(Master master) throws Exception {
    int idle = 0;
    while (folder.read().isPresent() && !stop.isRequested()) {
      CycleReport report = master.run();
      say.accept(CycleText.of(report));
      if (report.outcome() instanceof CycleOutcome.Failed failed) {
        throw IndexerFailures.of(failed, master.publisher());
      }
      idle = report.moreToRead() ? 0 : idle + 1;
      Optional<Phase> phase = folder.read().map(RebuildState::phase);
      if (phase.isPresent() && idle >= MOST_CYCLES) {
        throw new CommandException(
            ExitCode.TRY_AGAIN,
            "the rebuild is %s and not published: %s; once that is put right, bin/indexer run or build publishes it"
                .formatted(phase.get(), CycleText.of(report)));
      }
    }
  }
}
