package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.config.LimitWishes;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Builds cities anew from the table, beside what is served, and has the master switch to them. */
@Command(
    name = "rebuild",
    description =
        "Build all cities, or some, anew from the table; switch to them in one step. Killed, it goes"
            + " on where it was.")
final class RebuildVerb extends Verb {
  private static final Duration PATIENCE = Duration.ofSeconds(9);

  @Mixin private CityOptions cities = new CityOptions();

  @Mixin private RebuildLimitOptions limits = new RebuildLimitOptions();

  @Option(
      names = "--limits",
      description = "Change the limits of the rebuild that runs, and do nothing else.")
  private boolean isLimits;

  @Option(names = "--restart", description = "Throw away what an earlier one has built, and begin.")
  private boolean isRestart;

  @Option(names = "--abandon", description = "Throw away what an earlier one has built, and end.")
  private boolean isAbandon;

  @Mixin private RebuildShowOptions show = new RebuildShowOptions();

  private final Time time = new SystemTime();
  private final StopSignal stop = new StopSignal();

  RebuildVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    IndexerConfig config = Host.toWrite(file);
    RebuildFolder folder = RebuildFolder.in(config.work());
    LimitWishes typed = limits.checked(config.rebuild());
    if (isLimits) {
      return changeLimits(folder, typed);
    }
    SortedSet<City> asked = isAbandon ? null : cities.asked();
    Signals.stopOn(stop, time, PATIENCE);
    if (isAbandon || isRestart) {
      ProcessLock lock = RebuildRun.lock(config, folder, time);
      try {
        throwAway(folder);
      } finally {
        lock.close();
      }
    }
    if (!isAbandon) {
      new RebuildRun(file, config, show, isQuiet(), this::say, this::print, time, stop)
          .run(asked, typed);
    }
    return ExitCode.OK;
  }

  private ExitCode changeLimits(RebuildFolder folder, LimitWishes typed)
      throws IOException, CommandException {
    if (typed.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, "--limits changes limits: give some, such as --max-rows-per-second 5000");
    }
    try {
      if (folder.read().isPresent()) {
        RebuildLimitsNow.want(folder.limits(), typed);
        print("the rebuild takes these limits over within a second");
        return ExitCode.OK;
      }
    } catch (NoSuchFileException e) {
      throw noneIsUnderWay(e);
    }
    throw noneIsUnderWay(null);
  }

  private static CommandException noneIsUnderWay(@Nullable Exception cause) {
    return new CommandException(
        ExitCode.FINDINGS, "no rebuild is under way whose limits could be changed", cause);
  }

  private void throwAway(RebuildFolder folder) throws IOException, CommandException {
    Optional<RebuildState> left = folder.read();
    if (left.isPresent() && left.get().phase().compareTo(Phase.SWITCHING) >= 0) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the rebuild is %s: the master has begun to use it, which bin/indexer run or build ends"
              .formatted(left.get().phase()));
    }
    folder.delete();
    say(
        left.isPresent()
            ? "the rebuild that was begun at %s is thrown away".formatted(left.get().started())
            : "there is no rebuild to throw away");
  }
}
