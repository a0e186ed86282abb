package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.app.ResumeOptions;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a master's pause before its time. */
@Command(name = "resume", description = "Poll and build again: end what bin/indexer pause began.")
final class ResumeVerb extends Verb {
  @Mixin private ResumeOptions options = new ResumeOptions();

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description = "Only this city; may be given several times. All that is paused by default.")
  private List<String> names = new ArrayList<>();

  ResumeVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    IndexerConfig config = Host.toWrite(configFile());
    List<City> cities = new ArrayList<>();
    for (String name : names) {
      cities.add(CityNames.parse(name));
    }
    print(
        options.resume(
            new RepositoryLayout(config.repository().folder()), cities, new SystemTime().now()));
    return ExitCode.OK;
  }
}
