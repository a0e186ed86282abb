package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.runtime.SystemTime;
import picocli.CommandLine.Command;

/** Makes this master the repository's owner, whoever owned it. */
@Command(
    name = "takeover",
    description = "Own the repository from now on; another master that did stops publishing.")
final class TakeoverVerb extends Verb {
  TakeoverVerb() {
    super(IndexerMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    IndexerConfig config = Host.toWrite(configFile());
    try (SnapshotPublisher publisher = Master.takeOver(config, new SystemTime())) {
      print(
          "epoch %d: this master owns %s from now on; publish with: bin/indexer build"
              .formatted(publisher.epoch(), config.repository().folder()));
    }
    return ExitCode.OK;
  }
}
