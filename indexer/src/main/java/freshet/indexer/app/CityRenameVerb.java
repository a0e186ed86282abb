package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.table.RenameStatement;
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
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows the renaming of a city, which is a change of the table. */
@Command(
    name = "rename",
    description =
        "Follow the renaming of a city. While rows of the table name the old one, print the"
            + " statement that renames them, which changes nothing here. Once none does, wait until"
            + " all documents are under the new name, and retire the old one. May be run again at"
            + " any time.")
final class CityRenameVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);

  @Parameters(index = "0", paramLabel = "OLD", description = "As bin/indexer city list shows it.")
  private String oldName = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "What it is to be called.")
  private String newName = "";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait for a master that runs; ${DEFAULT-VALUE} by default.")
  private int seconds;

  CityRenameVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    City from = CityNames.parse(oldName);
    City to = CityNames.parse(newName);
    if (from.equals(to)) {
      throw new CommandException(
          ExitCode.USAGE, "OLD and NEW are both %s".formatted(CityWords.name(from)));
    }
    IndexerConfig config = Host.toWrite(configFile());
    if (!config.source().cities().allows(to)) {
      throw new CommandException(
          ExitCode.CONFIG,
          ("city %s is not in listed_cities, so that the renamed rows would leave the index. Add it"
                  + " and restart the master before the rows are renamed")
              .formatted(CityWords.name(to)));
    }
    Time time = new SystemTime();
    StopSignal stop = new StopSignal();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    BesideMaster beside =
        new BesideMaster(
            configFile(), config, "city rename", Duration.ofSeconds(seconds), time, stop);
    PublishedCities cities = new PublishedCities(config, beside, this::say);
    Map<City, Long> rows = cities.rows(Set.of(from, to));
    long old = rows.getOrDefault(from, 0L);
    long renamed = rows.getOrDefault(to, 0L);
    boolean isPublished = cities.documents(from).isPresent();
    if (old > 0) {
      print(
          "-- %s of table %s %s city %s, %,d name %s. Rename them by:"
              .formatted(
                  Count.of(old, "row"),
                  config.source().table().name(),
                  old == 1 ? "names" : "name",
                  CityWords.name(from),
                  renamed,
                  CityWords.name(to)));
      print(RenameStatement.of(config.source().table(), from, to));
      print("-- then run this again");
      return ExitCode.FINDINGS;
    }
    // A rename that is complete may be run again: what was published before it names the old one.
    if (!isPublished && !cities.wasPublished(from)) {
      throw CityNames.unknown(
          from, "table, index or any snapshot that is kept", cities.entries().keySet());
    }
    if (isPublished) {
      cities.awaitEmpty(from);
      cities.retire(from, false);
    }
    print(
        "city %s is %s by now: %s, %s published"
            .formatted(
                CityWords.name(from),
                CityWords.name(to),
                Count.of(renamed, "row"),
                Count.of(cities.documents(to).orElse(0), "document")));
    return ExitCode.OK;
  }
}
