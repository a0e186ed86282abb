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
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One rebuild from the command line: until the master has switched to it and it is published. */
final class RebuildRun {
  private final Path file;
  private final IndexerConfig config;
  private final RebuildFolder folder;
  private final RebuildShowOptions show;
  private final boolean isQuiet;
  private final Consumer<String> say;
  private final Consumer<String> print;
  private final Time time;
  private final StopSignal stop;

  /**
   * One.
   *
   * @param file that the configuration was read from
   * @param say takes lines for people
   * @param print takes lines for programs
   */
  RebuildRun(
      Path file,
      IndexerConfig config,
      RebuildShowOptions show,
      boolean isQuiet,
      Consumer<String> say,
      Consumer<String> print,
      Time time,
      StopSignal stop) {
    this.file = file;
    this.config = config;
    this.folder = RebuildFolder.in(config.work());
    this.show = show;
    this.isQuiet = isQuiet;
    this.say = say;
    this.print = print;
    this.time = time;
    this.stop = stop;
  }

  /** Held by whoever rebuilds. */
  static ProcessLock lock(IndexerConfig config, RebuildFolder folder, Time time)
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

  /**
   * Begins or resumes, and waits until the master has switched.
   *
   * @param asked the cities; null for all
   * @param typed limits that the command line gives
   */
  void run(@Nullable SortedSet<City> asked, LimitWishes typed) throws Exception {
    ProcessLock lock = lock(config, folder, time);
    try {
      locked(asked, typed);
    } finally {
      lock.close();
    }
  }

  private void locked(@Nullable SortedSet<City> asked, LimitWishes typed) throws Exception {
    if (asked != null) {
      requireDefinitionInUse(config);
      Optional<Snapshot> published = RebuildOutcome.published(config);
      new KnownCities(config, published.orElse(null), say, time, stop).require(asked);
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
    RebuildSwitch master = new RebuildSwitch(file, config, folder, say, time, stop);
    try {
      Optional<RebuildState> left = folder.read();
      if (left.isPresent()
          && left.get().phase().compareTo(Phase.SWITCHING) >= 0
          && !Objects.equals(left.get().cities(), asked)) {
        say.accept(
            "an earlier rebuild is %s: that is completed first".formatted(left.get().phase()));
        master.await(() -> {});
      }
      Rebuild rebuild = build(asked, limitsNow);
      List<DocumentKey> setAside =
          FileQuarantine.look(folder.quarantine()).stream()
              .map(entry -> entry.row().key())
              .toList();
      master.await(
          () -> {
            RebuildState unused = rebuild.catchUp();
          });
      handOver(setAside);
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
        .ifPresent(outcome -> print.accept(show.text(outcome)));
  }

  /** The quarantine is the master's: it sets these rows aside when it reads them again. */
  private void handOver(List<DocumentKey> setAside) throws IOException {
    if (!setAside.isEmpty()) {
      new QuarantineRequests(config.quarantine().file())
          .ask(QuarantineRequests.Wish.RETRY, setAside);
      say.accept(
          "%s become documents: bin/indexer quarantine list shows them after the next cycle"
              .formatted(Count.of(setAside.size(), "row can't", "rows can't")));
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
  private Rebuild build(@Nullable SortedSet<City> asked, RebuildLimitsNow limitsNow)
      throws Exception {
    try (RebuildScreen screen = show.screen(isQuiet, say, print)) {
      Rebuild rebuild =
          RebuildParts.rebuild(
              config, folder, asked, monitor(limitsNow, screen), SessionListener.NONE, time, stop);
      if (rebuild.load().phase().compareTo(Phase.SWITCHING) < 0) {
        RebuildState unused = rebuild.catchUp();
      }
      return rebuild;
    }
  }

  private RebuildMonitor monitor(RebuildLimitsNow limitsNow, RebuildScreen screen) {
    return new RebuildMonitor() {
      @Override
      public RebuildLimits limits() {
        return limitsNow.now();
      }

      @Override
      public void says(String line) {
        say.accept(line);
      }

      @Override
      public void progressed(RebuildProgress progress) {
        screen.show(progress);
      }
    };
  }
}
