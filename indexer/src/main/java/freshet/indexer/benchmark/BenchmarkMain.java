package freshet.indexer.benchmark;

import freshet.indexer.benchmark.build.BuildCommand;
import freshet.indexer.benchmark.index.IndexCommand;
import freshet.indexer.benchmark.replicate.ReplicateCommand;
import freshet.indexer.embedded.EmbeddedDatabaseException;
import freshet.indexer.session.SourceException;
import freshet.replicator.command.BuildVersion;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Logging;
import freshet.replicator.runtime.SystemTime;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code bin/benchmark}: the command line. */
@Command(
    name = "bin/benchmark",
    description = "Measures stages of master and slave on this machine; see docs/benchmarks.md.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = BuildVersion.class,
    subcommands = {
      BenchmarkMain.OfSource.class,
      BuildCommand.class,
      IndexCommand.class,
      ReplicateCommand.class
    },
    synopsisSubcommandLabel = "STAGE")
public final class BenchmarkMain {
  private BenchmarkMain() {}

  /** Measures and exits. */
  public static void main(String... arguments) {
    Logging.configure();
    System.exit(new CommandLine(new BenchmarkMain()).execute(arguments));
  }

  /** How fast rows are read. */
  @Command(
      name = "source",
      description = {
        "How fast rows become documents, beside the same rows streamed by JDBC alone.",
        "Starts a database of its own and fills it first."
      })
  static final class OfSource implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Option(
        names = "--rows",
        paramLabel = "N",
        defaultValue = "100000",
        description = "Rows of about 1.5 KB (${DEFAULT-VALUE}).")
    int rows;

    @Option(
        names = "--runs",
        paramLabel = "N",
        defaultValue = "7",
        description =
            "Runs after one that warms up, of which the median counts (${DEFAULT-VALUE}).")
    int runs;

    @Option(names = "--json", description = "Print the figures as JSON.")
    boolean isJson;

    @Override
    public Integer call() throws SQLException, SourceException {
      CommandLine line = commandLine();
      if (rows < 1 || runs < 1) {
        throw new CommandLine.ParameterException(line, "--rows and --runs are 1 or more");
      }
      PrintWriter err = line.getErr();
      err.printf("filling a table with %,d rows%n", rows);
      try (ListingsServer server = ListingsServer.start(rows, new SystemTime())) {
        err.printf("measuring, %d runs%n", runs);
        SourceFigures figures = new SourceBenchmark(server, new SystemTime()).run(runs);
        line.getOut().println(isJson ? Json.line(figures) : figures.text());
        return ExitCode.OK.code();
      } catch (EmbeddedDatabaseException e) {
        err.println("no database for the benchmark: " + e.getMessage());
        return ExitCode.UNAVAILABLE.code();
      }
    }

    private CommandLine commandLine() {
      CommandSpec own = spec;
      if (own == null) {
        throw new IllegalStateException("it runs through its command line");
      }
      return own.commandLine();
    }
  }
}
