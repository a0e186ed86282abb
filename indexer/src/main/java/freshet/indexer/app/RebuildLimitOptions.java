package freshet.indexer.app;

import freshet.indexer.config.LimitWishes;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The limits of a rebuild on a command line. */
final class RebuildLimitOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Stretches of the table that are read and indexed at one time.")
  private @Nullable Integer threads;

  @Option(
      names = "--max-rows-per-second",
      paramLabel = "N",
      description = "Of all threads together; a number or unlimited.")
  private @Nullable String maxRowsPerSecond;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "Read nothing while the server is further behind, such as 10s; or unlimited.")
  private @Nullable String maxLag;

  @Option(
      names = "--max-threads-running",
      paramLabel = "N",
      description = "Read nothing while more of the server's threads work; or unlimited.")
  private @Nullable String maxThreadsRunning;

  /** What was typed, once it makes sense over these. */
  LimitWishes checked(RebuildLimits others) throws CommandException {
    LimitWishes typed = new LimitWishes(threads, maxRowsPerSecond, maxLag, maxThreadsRunning);
    try {
      RebuildLimits unused = typed.over(others);
      return typed;
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
