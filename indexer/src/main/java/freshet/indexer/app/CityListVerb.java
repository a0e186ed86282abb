package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All cities. */
@Command(
    name = "list",
    description =
        "Show each city: its working index, what is published of it, and whether it is held, not"
            + " listed, or empty.")
final class CityListVerb extends Verb {
  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean isJson;

  CityListVerb() {
    super(IndexerMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    IndexerConfig config = IndexerConfig.read(configFile(), System.getenv());
    CityList list =
        CityList.read(
            config, new LocalRepository(new RepositoryLayout(config.repository().folder())));
    if (isJson) {
      print(SnapshotCodec.writeText(list));
    } else {
      list.lines().forEach(this::print);
    }
    return ExitCode.OK;
  }
}
