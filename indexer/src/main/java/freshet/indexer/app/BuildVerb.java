package freshet.indexer.app;

import freshet.indexer.alert.ConnectHistory;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.schedule.Cycle;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CyclePlan;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.app.BuildIncidents;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.pause.Pause;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One cycle, for cron; several if one batch does not hold all that there is to read. */
@Command(
    name = "build",
    description = "Read what was deleted and changed, build and publish it, once.")
final class BuildVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);
  private static final Duration MERGE_PATIENCE = Duration.ofSeconds(60);
  private static final Duration ALERT_PATIENCE = Duration.ofSeconds(10);

  @Option(names = "--json", description = "Print each cycle's report as a line of JSON.")
  private boolean isJson;

  @Option(
      names = "--dry-run",
      description = "Read and compare, print what would be done, publish nothing.")
  private boolean isDryRun;

  /** What is printed instead of reports. */
  private record Standstill(Pause paused) {}

  BuildVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    IndexerConfig config = Host.toWrite(file);
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    try (MasterFlight flight = new MasterFlight(config, time)) {
      ConnectHistory connects = new ConnectHistory(flight);
      try (Master master = Master.open(file, config, "build", connects, time, stop)) {
        return isDryRun
            ? plan(master.cycle())
            : buildAndTell(config, master, connects, flight, time, stop);
      }
    }
  }

  /** At its end it looks what people have to be told, whatever came of it. */
  private ExitCode buildAndTell(
      IndexerConfig config,
      Master master,
      ConnectHistory connects,
      MasterFlight flight,
      Time time,
      StopSignal stop)
      throws Exception {
    new RetireRequests(config).takeUp(master.cycle());
    CycleHistory history = new CycleHistory();
    try (MasterWatch watch =
        new MasterWatch(config, master, history, connects, List::of, flight, time)) {
      try {
        Pause pause = master.pauses().whole();
        return pause == null ? build(master, history, watch, stop) : paused(pause);
      } finally {
        if (!stop.isRequested()) {
          watch.lookAtEnd();
          new BuildIncidents(master.repository().layout()).write(watch.open(), time.now());
          watch.send(ALERT_PATIENCE);
        }
      }
    }
  }

  private ExitCode paused(Pause pause) {
    print(
        isJson
            ? SnapshotCodec.writeText(new Standstill(pause))
            : "nothing is read: the master is %s; end that with: bin/indexer resume"
                .formatted(pause.sentence()));
    return ExitCode.OK;
  }

  private ExitCode build(Master master, CycleHistory history, MasterWatch watch, StopSignal stop)
      throws Exception {
    Cycle cycle = master.cycle();
    CycleReport report;
    do {
      report = master.run();
      history.ended(report);
      watch.cycled(report);
      print(isJson ? SnapshotCodec.writeText(report) : CycleText.of(report));
      if (report.outcome() instanceof CycleOutcome.Failed failed) {
        throw IndexerFailures.of(failed, master.publisher());
      }
    } while (report.moreToRead() && !stop.isRequested() && master.pauses().whole() == null);
    if (!stop.isRequested()
        && cycle.finishMerges(MERGE_PATIENCE) instanceof CycleOutcome.Failed failed) {
      throw IndexerFailures.of(failed, master.publisher());
    }
    if (!report.failed().isEmpty()) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          "%s read again by the next build: %s"
              .formatted(
                  Count.of(
                      report.failed().size(),
                      "city was not built and is",
                      "cities were not built and are"),
                  report.failed()));
    }
    return report.moreToRead() ? ExitCode.TRY_AGAIN : ExitCode.OK;
  }

  private ExitCode plan(Cycle cycle) throws Exception {
    CyclePlan plan = cycle.plan();
    if (isJson) {
      print(SnapshotCodec.writeText(plan));
      return ExitCode.OK;
    }
    plan.cities()
        .forEach(
            (city, counts) ->
                print(
                    "city %s: %d to add, %d to replace, %d to remove; %d are equal"
                        .formatted(
                            city,
                            counts.added(),
                            counts.replaced(),
                            counts.removed(),
                            counts.equal().total())));
    plan.unpublished().forEach(city -> print("city " + city + ": to be published as it is"));
    if (plan.isEmpty()) {
      print("nothing to do");
    } else if (!plan.reachedEnd()) {
      print("there is more to read than one cycle holds; this is the first one's part");
    }
    return ExitCode.OK;
  }
}
