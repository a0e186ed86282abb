package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.app.PauseOptions;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a master neither poll nor build for a while, or some cities wait. */
@Command(
    name = "pause",
    description =
        "Neither poll nor build for a while, or have cities wait; what is published is served.")
final class PauseVerb extends Verb {
  @Mixin private PauseOptions options = new PauseOptions();

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description = "Only this city waits; may be given several times. Everything by default.")
  private List<String> names = new ArrayList<>();

  PauseVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    IndexerConfig config = Host.toWrite(configFile());
    LocalRepository repository =
        new LocalRepository(new RepositoryLayout(config.repository().folder()));
    Set<City> published =
        repository.latestSnapshot().map(latest -> latest.cities().keySet()).orElse(Set.of());
    List<City> cities = new ArrayList<>();
    for (String name : names) {
      City city = CityNames.parse(name);
      if (!published.contains(city)) {
        throw CityNames.unknown(city, "the published snapshot", published);
      }
      cities.add(city);
    }
    print(options.pause(repository.layout(), cities, "bin/indexer resume", new SystemTime().now()));
    return ExitCode.OK;
  }
}
