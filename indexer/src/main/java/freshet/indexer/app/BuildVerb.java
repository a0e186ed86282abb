package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.schedule.Cycle;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CyclePlan;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One cycle, for cron; several if one batch does not hold all that there is to read. */
@Command(
    name = "build",
    description = "Read what was deleted and changed, build and publish it, once.")
final class BuildVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);
  private static final Duration MERGE_PATIENCE = Duration.ofSeconds(60);

  @Option(names = "--json", description = "Print each cycle's report as a line of JSON.")
  private boolean isJson;

  @Option(
      names = "--dry-run",
      description = "Read and compare, print what would be done, publish nothing.")
  private boolean isDryRun;

  BuildVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    IndexerConfig config = IndexerConfig.read(file, System.getenv());
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    try (MasterFlight flight = new MasterFlight(config, time);
        Master master = Master.open(file, config, "build", flight, time, stop)) {
      if (isDryRun) {
        return plan(master.cycle());
      }
      new RetireRequests(config).takeUp(master.cycle());
      return build(master, flight, stop);
    }
  }

  private ExitCode build(Master master, MasterFlight flight, StopSignal stop) throws Exception {
    Cycle cycle = master.cycle();
    CycleReport report;
    do {
      report = master.run();
      flight.cycled(report);
      print(isJson ? SnapshotCodec.writeText(report) : CycleText.of(report));
      if (report.outcome() instanceof CycleOutcome.Failed failed) {
        throw IndexerFailures.of(failed, master.publisher());
      }
    } while (report.moreToRead() && !stop.isRequested());
    if (!stop.isRequested()
        && cycle.finishMerges(MERGE_PATIENCE) instanceof CycleOutcome.Failed failed) {
      throw IndexerFailures.of(failed, master.publisher());
    }
    if (!report.failed().isEmpty()) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          "%d cities were not built and are read again by the next build: %s"
              .formatted(report.failed().size(), report.failed()));
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
