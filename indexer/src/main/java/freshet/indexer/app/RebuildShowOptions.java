package freshet.indexer.app;

import freshet.replicator.command.Terminal;
import freshet.replicator.snapshot.SnapshotCodec;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Option;

/** How a rebuild shows itself on a command line. */
final class RebuildShowOptions {
  @Option(names = "--plain", description = "Show lines, not a bar, on a terminal too.")
  private boolean isPlain;

  @Option(names = "--json", description = "Print the progress every second as a line of JSON.")
  private boolean isJson;

  /**
   * A screen of its own for one stretch of work.
   *
   * @param say takes lines for people
   * @param print takes lines for programs
   */
  RebuildScreen screen(boolean isQuiet, Consumer<String> say, Consumer<String> print) {
    if (isJson) {
      return progress -> print.accept(SnapshotCodec.writeText(progress));
    }
    return isPlain || isQuiet || !Terminal.isThere()
        ? new RebuildScreen.Lines(say)
        : new RebuildScreen.Bar(ProgressBarBuilder::build);
  }

  /** What came of it, as one line. */
  String text(RebuildOutcome outcome) {
    return isJson ? SnapshotCodec.writeText(outcome) : outcome.toString();
  }
}
