package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.app.CityWords;
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
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a city out. */
@Command(
    name = "retire",
    description =
        "Take a city out: its working index is removed, and the published snapshot no longer names"
            + " it. Refused while rows of the table name it.")
final class CityRetireVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);

  @Parameters(paramLabel = "CITY", description = "As bin/indexer city list shows it.")
  private String name = "";

  @Option(
      names = "--force",
      description =
          "Although rows name it: for a city that cities: listed leaves out. The rows stay.")
  private boolean isForced;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait for a master that runs; ${DEFAULT-VALUE} by default.")
  private int seconds;

  CityRetireVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    City city = CityNames.parse(name);
    IndexerConfig config = Host.toWrite(configFile());
    boolean isIndexed = config.source().cities().allows(city);
    if (isForced && isIndexed) {
      throw new CommandException(
          ExitCode.USAGE,
          ("--force: city %s is to be indexed by the configuration, so that its rows would come back"
                  + " one by one. Set cities: listed, leave it out of listed_cities, restart the"
                  + " master, then run this again")
              .formatted(CityWords.name(city)));
    }
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    BesideMaster beside =
        new BesideMaster(
            configFile(), config, "city retire", Duration.ofSeconds(seconds), time, stop);
    PublishedCities cities = new PublishedCities(config, beside, this::say);
    if (cities.documents(city).isEmpty()) {
      throw CityNames.unknown(city, "the published snapshot", cities.entries().keySet());
    }
    long rows = cities.rows(Set.of(city)).getOrDefault(city, 0L);
    if (rows > 0 && !isForced) {
      throw new CommandException(
          ExitCode.FINDINGS,
          "city %s is not retired: %s of table %s %s it. %s"
              .formatted(
                  CityWords.name(city),
                  Count.of(rows, "row"),
                  config.source().table().name(),
                  rows == 1 ? "names" : "name",
                  isIndexed
                      ? "Delete them, or give them another city (bin/indexer city rename), or leave"
                          + " the city out of listed_cities with cities: listed"
                      : "They are not indexed, since listed_cities leaves the city out; if it may"
                          + " go: --force"));
    }
    if (!isForced) {
      cities.awaitEmpty(city);
    }
    cities.retire(city, isForced);
    print("city %s is retired: it is no longer published".formatted(CityWords.name(city)));
    return ExitCode.OK;
  }
}
