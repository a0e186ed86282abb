package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.config.LimitWishes;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.quarantine.QuarantineRequests;
import freshet.indexer.rebuild.Rebuild;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.rebuild.RebuildMonitor;
import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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

  @Option(names = "--plain", description = "Show lines, not a bar, on a terminal too.")
  private boolean isPlain;

  @Option(names = "--json", description = "Print the progress every second as a line of JSON.")
  private boolean isJson;

  private final Time time = new SystemTime();
  private final StopSignal stop = new StopSignal();

  RebuildVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    IndexerConfig config = IndexerConfig.read(file, System.getenv());
    RebuildFolder folder = RebuildFolder.in(config.work());
    LimitWishes typed = limits.checked(config.rebuild());
    if (isLimits) {
      return changeLimits(folder, typed);
    }
    SortedSet<City> asked = isAbandon ? null : cities.asked();
    Signals.stopOn(stop, time, PATIENCE);
    ProcessLock lock = lock(config, folder);
    try {
      if (isAbandon || isRestart) {
        throwAway(folder);
      }
      if (!isAbandon) {
        rebuild(config, file, folder, asked, typed);
      }
      return ExitCode.OK;
    } finally {
      lock.close();
    }
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

  private ProcessLock lock(IndexerConfig config, RebuildFolder folder)
      throws IOException, CommandException {
    DurableFiles.createFolders(config.work());
    String holder =
        "bin/indexer rebuild, process %d, since %s"
            .formatted(ProcessHandle.current().pid(), time.now());
    return switch (ProcessLock.tryTake(folder.lock(), holder)) {
      case ProcessLock.Attempt.Taken taken -> taken.lock();
      case ProcessLock.Attempt.Held held ->
          throw new CommandException(
              ExitCode.LOCKED,
              "%s is at work in %s; how far it is: bin/indexer status"
                  .formatted(held.holder(), folder.path()));
    };
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

  private void rebuild(
      IndexerConfig config,
      Path file,
      RebuildFolder folder,
      @Nullable SortedSet<City> asked,
      LimitWishes typed)
      throws Exception {
    if (asked != null) {
      requireDefinitionInUse(config);
      Optional<Snapshot> published = RebuildOutcome.published(config);
      new KnownCities(config, published.orElse(null), time).require(asked);
      if (published.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE,
            "--city: nothing is published yet, and a first snapshot has all cities: bin/indexer"
                + " rebuild --all, or bin/indexer build");
      }
    }
    if (!typed.isEmpty()) {
      RebuildLimitsNow.forget(folder.limits());
    }
    RebuildLimitsNow limitsNow = new RebuildLimitsNow(config, file, typed, folder.limits());
    RebuildSwitch master = new RebuildSwitch(file, config, folder, this::say, time, stop);
    try {
      Optional<RebuildState> left = folder.read();
      if (left.isPresent()
          && left.get().phase().compareTo(Phase.SWITCHING) >= 0
          && !Objects.equals(left.get().cities(), asked)) {
        say("an earlier rebuild is %s: that is completed first".formatted(left.get().phase()));
        master.await(() -> {});
      }
      Rebuild rebuild = build(config, folder, asked, limitsNow);
      List<DocumentKey> setAside =
          FileQuarantine.look(folder.quarantine()).stream()
              .map(entry -> entry.row().key())
              .toList();
      master.await(
          () -> {
            RebuildState unused = rebuild.catchUp();
          });
      handOver(setAside, config);
    } catch (Rebuild.Refused e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    } catch (SourceException.Stopped e) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          "stopped; what was read is kept: go on with bin/indexer rebuild"
              + RebuildText.arguments(asked),
          e);
    }
    RebuildOutcome.published(config)
        .map(RebuildOutcome::of)
        .ifPresent(
            outcome -> print(isJson ? SnapshotCodec.writeText(outcome) : outcome.toString()));
  }

  /** The quarantine is the master's: it sets these rows aside when it reads them again. */
  private void handOver(List<DocumentKey> setAside, IndexerConfig config) throws IOException {
    if (!setAside.isEmpty()) {
      new QuarantineRequests(config.quarantine().file())
          .ask(QuarantineRequests.Wish.RETRY, setAside);
      say(
          "%,d rows can't become documents: bin/indexer quarantine list shows them after the next cycle"
              .formatted(setAside.size()));
    }
  }

  /** Some cities' documents must be made as all others' are. */
  private static void requireDefinitionInUse(IndexerConfig config)
      throws IOException, CommandException {
    Optional<Finding> differs = new DefinitionInUse(config.work()).finding(config.definition());
    if (differs.isPresent()) {
      throw new CommandException(
          ExitCode.CONFIG,
          "%s: %s; some cities alone can't be built by another one: bin/indexer rebuild --all, or put the configuration back as it was"
              .formatted(differs.get().what(), differs.get().evidence()));
    }
  }

  /** Until the master may switch. */
  private Rebuild build(
      IndexerConfig config,
      RebuildFolder folder,
      @Nullable SortedSet<City> asked,
      RebuildLimitsNow limitsNow)
      throws Exception {
    try (RebuildScreen screen = screen()) {
      Rebuild rebuild =
          RebuildParts.rebuild(
              config, folder, asked, monitor(limitsNow, screen), SessionListener.NONE, time, stop);
      if (rebuild.load().phase().compareTo(Phase.SWITCHING) < 0) {
        RebuildState unused = rebuild.catchUp();
      }
      return rebuild;
    }
  }

  private RebuildScreen screen() {
    if (isJson) {
      return progress -> print(SnapshotCodec.writeText(progress));
    }
    return isPlain || isQuiet() || !RebuildScreen.isTerminal()
        ? new RebuildScreen.Lines(this::say)
        : new RebuildScreen.Bar();
  }

  private RebuildMonitor monitor(RebuildLimitsNow limitsNow, RebuildScreen screen) {
    return new RebuildMonitor() {
      @Override
      public RebuildLimits limits() {
        return limitsNow.now();
      }

      @Override
      public void says(String line) {
        say(line);
      }

      @Override
      public void progressed(RebuildProgress progress) {
        screen.show(progress);
      }
    };
  }
}
