package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.config.LimitWishes;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Builds some cities anew. */
@Command(
    name = "rebuild",
    description = "Build cities anew from the table, as bin/indexer rebuild --city does.")
final class CityRebuildVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);

  @Parameters(
      paramLabel = "CITY",
      arity = "1..*",
      description = "As bin/indexer city list shows it.")
  private List<String> names = new ArrayList<>();

  @Mixin private RebuildLimitOptions limits = new RebuildLimitOptions();

  @Mixin private RebuildShowOptions show = new RebuildShowOptions();

  CityRebuildVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    Path file = configFile();
    IndexerConfig config = Host.toWrite(file);
    LimitWishes typed = limits.checked(config.rebuild());
    SortedSet<City> asked = new TreeSet<>();
    for (String name : names) {
      asked.add(CityNames.parse(name));
    }
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    new RebuildRun(file, config, show, isQuiet(), this::say, this::print, time, stop)
        .run(asked, typed);
    return ExitCode.OK;
  }
}
