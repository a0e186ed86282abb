package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.app.ReplicatorConfig.StoreSettings;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.pause.Pauses;
import freshet.replicator.pull.PullException;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.PullReport;
import freshet.replicator.pull.Puller;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryCollector;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.schedule.PullTroubles;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One sync, for cron. */
@Command(name = "pull", description = "Bring the newest snapshot into the store, once.")
final class PullVerb extends Verb {
  private static final Duration PATIENCE = Duration.ofSeconds(9);

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean isJson;

  /**
   * What came of it.
   *
   * @param outcome installed, up-to-date, nothing, refused or paused
   * @param generation that the store shows; null if none
   * @param documents of that snapshot; null unless it is new
   * @param report what it took; null unless it is new
   * @param reason why it was refused, or by whom paused until when; null otherwise
   */
  record Result(
      String outcome,
      @Nullable Generation generation,
      @Nullable Long documents,
      @Nullable PullReport report,
      @Nullable String reason) {}

  PullVerb() {
    super(ReplicatorMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    ReplicatorConfig config = ReplicatorConfig.read(file, System.getenv());
    HostGate.writes(config.store().folder());
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, PATIENCE);
    RemoteSettings settings = Remotes.settings(config, file);
    Pauses pauses = new PauseWatch(new RepositoryLayout(config.store().folder()), time).now();
    Pause pause = pauses.whole();
    try (SlaveFlight flight = new SlaveFlight(config, settings, time)) {
      PullWatch watch = new PullWatch(config, settings, pauses, flight, time);
      if (pause != null) {
        watch.look(null);
        return paused(pause);
      }
      try (RemoteRepository remote = Remotes.open(config, file, time)) {
        stop.onRequest(remote::close);
        PullOutcome outcome = puller(config.store(), remote, time, stop).pull(Duration.ZERO);
        watch.look(
            outcome instanceof PullOutcome.Refused refused
                ? PullTroubles.first(refused.refusal(), time.now())
                : null);
        return show(outcome);
      } catch (PullException e) {
        if (!stop.isRequested()) {
          watch.look(PullTroubles.first(e, time.now()));
        }
        throw e;
      }
    }
  }

  private ExitCode paused(Pause pause) {
    show(
        new Result("paused", null, null, null, pause.sentence()),
        "nothing is pulled: the slave is %s; end that with: bin/replicator resume"
            .formatted(pause.sentence()));
    return ExitCode.OK;
  }

  static Puller puller(
      StoreSettings settings, RemoteRepository remote, Time time, StopSignal stop) {
    LocalRepository store = new LocalRepository(new RepositoryLayout(settings.folder()));
    RepositoryCollector collector = new RepositoryCollector(store, settings.retention(), time);
    PausedCities paused = new PausedCities(store, time);
    return new Puller(
        remote,
        store,
        settings.pull(),
        time,
        stop,
        new Puller.Collection() {
          @Override
          public void before() throws IOException {
            paused.freeze();
          }

          @Override
          public void after(Snapshot installed) throws IOException {
            collector.collect();
          }
        });
  }

  private ExitCode show(PullOutcome outcome) throws CommandException {
    return switch (outcome) {
      case PullOutcome.Installed installed -> {
        Snapshot snapshot = installed.snapshot();
        PullReport report = installed.report();
        show(
            new Result("installed", snapshot.generation(), snapshot.documents(), report, null),
            "installed snapshot %s: %s, %s, %,d bytes fetched in %,d ms"
                .formatted(
                    snapshot.generation(),
                    Count.of(snapshot.cities().size(), "city", "cities"),
                    Count.of(snapshot.documents(), "document"),
                    report.bytesFetched(),
                    report.duration().toMillis()));
        yield ExitCode.OK;
      }
      case PullOutcome.UpToDate current -> {
        Generation generation = current.advertisement().generation();
        show(
            new Result("up-to-date", generation, null, null, null),
            "nothing to do: the store has snapshot %s, the newest one".formatted(generation));
        yield ExitCode.OK;
      }
      case PullOutcome.Nothing nothing -> {
        show(
            new Result("nothing", null, null, null, null),
            "the remote has published nothing yet; the store stays as it is");
        yield ExitCode.TRY_AGAIN;
      }
      case PullOutcome.Refused refused -> {
        String reason = refused.refusal().explain();
        if (isJson) {
          print(SnapshotCodec.writeText(new Result("refused", null, null, null, reason)));
        }
        throw new CommandException(
            ReplicatorFailures.of(refused.refusal()), "not pulled: " + reason);
      }
    };
  }

  private void show(Result result, String text) {
    print(isJson ? SnapshotCodec.writeText(result) : text);
  }
}
