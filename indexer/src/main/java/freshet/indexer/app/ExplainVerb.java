package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.explain.Explainer;
import freshet.indexer.explain.Explanation;
import freshet.replicator.app.KeyArgument;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SnapshotCodec;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a document is, from its row to the slaves, or where it is stuck. */
@Command(
    name = "explain",
    description =
        "Say where a document is: its row, the poll and the commit that have it, since which"
            + " generation, which slaves serve it; or where it is stuck, and why.")
final class ExplainVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);

  @Parameters(paramLabel = "ID", description = "The key of its row; columns separated by commas.")
  private String id = "";

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean isJson;

  ExplainVerb() {
    super(IndexerMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    IndexerConfig config = IndexerConfig.read(configFile(), System.getenv());
    StopSignal stop = new StopSignal();
    Time time = new SystemTime();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    BesideMaster beside =
        new BesideMaster(configFile(), config, "explain", Duration.ZERO, time, stop);
    DocumentKey key = KeyArgument.parse(beside.inUse().schema(), id);
    Explanation explanation =
        Explainer.explain(new ObservedDocument(config, beside, id, key, time).facts());
    if (isJson) {
      print(SnapshotCodec.writeText(explanation));
    } else {
      print("%s: %s".formatted(id, explanation.what()));
      if (explanation.next() != null) {
        print("next: " + explanation.next());
      }
    }
    if (explanation.state() == Explanation.State.TABLE_UNKNOWN) {
      return ExitCode.UNAVAILABLE;
    }
    return explanation.isWell() ? ExitCode.OK : ExitCode.FINDINGS;
  }
}
