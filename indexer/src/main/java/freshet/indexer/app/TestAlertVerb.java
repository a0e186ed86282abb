package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.app.AlertTrial;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.SnapshotCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether alerts of a master arrive. */
@Command(
    name = "test-alert",
    description = "Send a test message through every sink of alerts, and tell what happened.")
final class TestAlertVerb extends Verb {
  @Option(names = "--json", description = "Print the results as JSON.")
  private boolean isJson;

  TestAlertVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    IndexerConfig config = IndexerConfig.read(configFile(), System.getenv());
    AlertTrial.Results results = AlertTrial.run(config.name(), config.alerts(), new SystemTime());
    if (isJson) {
      print(SnapshotCodec.writeText(results));
    } else {
      results.results().forEach(result -> print(result.text()));
    }
    return results.hasArrived() ? ExitCode.OK : ExitCode.UNAVAILABLE;
  }
}
