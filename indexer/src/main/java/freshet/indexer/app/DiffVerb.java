package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.diff.CityCounts;
import freshet.indexer.diff.CityDiff;
import freshet.indexer.diff.DiffReport;
import freshet.indexer.diff.Difference;
import freshet.indexer.diff.PublishedIndex;
import freshet.indexer.diff.Repair;
import freshet.indexer.quarantine.AskedKeys;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ids and versions of database and index side by side. */
@Command(
    name = "diff",
    description =
        "Compare the ids and versions of the database with those of the published index, city by"
            + " city: which are missing, which have no row, which are in the wrong city, which are"
            + " of another version. Runs beside a master; what a cycle is about to bring is no"
            + " difference.")
final class DiffVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);

  @Option(
      names = "--city",
      paramLabel = "C",
      description = "Compare this city only; may be given several times.")
  private List<String> names = List.of();

  @Option(
      names = "--repair",
      description =
          "Have the next cycle read again what differs, or run a cycle if no master runs; then"
              + " compare again.")
  private boolean isRepair;

  @Option(
      names = "--ids",
      paramLabel = "N",
      defaultValue = "10",
      description = "Ids that are named, in all; ${DEFAULT-VALUE} by default.")
  private int ids;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait for a cycle of a master; ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean isJson;

  DiffVerb() {
    super(IndexerMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    if (ids < 0 || seconds < 0) {
      throw new CommandException(
          ExitCode.USAGE, "--ids is %d, --wait is %d: expected 0 or more".formatted(ids, seconds));
    }
    Set<City> only = null;
    for (String name : names) {
      only = only == null ? new TreeSet<>() : only;
      only.add(CityNames.parse(name));
    }
    IndexerConfig config =
        isRepair ? Host.toWrite(configFile()) : IndexerConfig.read(configFile(), System.getenv());
    StopSignal stop = new StopSignal();
    Time time = new SystemTime();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    BesideMaster beside =
        new BesideMaster(configFile(), config, "diff", Duration.ofSeconds(seconds), time, stop);
    AskedKeys asked = new AskedKeys(config.quarantine().file());
    Repair repair = new Repair(Master.routingFolder(config), asked);
    DiffReport report = compare(config, only, beside, isRepair ? repair::ask : unused -> {});
    DiffText.print(
        report,
        beside.inUse().schema().keyCodec(),
        isJson,
        isRepair ? "they are put right now" : "put right by: bin/indexer diff --repair",
        this::print);
    if (!isRepair || report.found() == 0) {
      return report.found() == 0 ? ExitCode.OK : ExitCode.FINDINGS;
    }
    say(
        "%s read again by %s"
            .formatted(
                Count.of(report.found(), "document is", "documents are"),
                beside.next(beside.daemon())));
    if (!beside.cycleUntil(() -> !asked.isOpen())) {
      throw beside.late("reading again what differs");
    }
    DiffReport after = compare(config, only, beside, unused -> {});
    DiffText.print(
        after,
        beside.inUse().schema().keyCodec(),
        isJson,
        "the repair did not help; why, says for each: bin/indexer explain ID",
        this::print);
    return after.found() == 0 ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private DiffReport compare(
      IndexerConfig config,
      @Nullable Set<City> only,
      BesideMaster beside,
      Consumer<List<Difference>> sink)
      throws Exception {
    Optional<PublishedIndex> latest = PublishedIndex.open(beside.repository());
    if (latest.isEmpty()) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          "nothing is published in %s yet, so that there is nothing to compare; first: bin/indexer"
                  .formatted(config.repository().folder())
              + " build");
    }
    try (PublishedIndex index = latest.get();
        TableAccess table = beside.table(index.snapshot().manifest().position())) {
      DiffReport report =
          new CityDiff(
                  table.keys(),
                  index,
                  () -> FileQuarantine.keys(config.quarantine().file()),
                  beside.wait(beside.daemon()),
                  beside.progress(this::say))
              .run(only, ids, sink);
      for (CityCounts city : report.cities()) {
        Set<City> published = index.snapshot().cities().keySet();
        if (city.database() == 0 && !published.contains(city.city())) {
          throw CityNames.unknown(city.city(), "table or index", published);
        }
      }
      return report;
    }
  }
}
