package freshet.indexer.benchmark.build;

import freshet.indexer.embedded.EmbeddedDatabaseException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options, output and exit codes that the benchmarks have in common. */
public final class BenchmarkOptions {
  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Runs of each measurement, of which the median counts (${DEFAULT-VALUE}).")
  int runs;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Listings to make the documents from, JSON lines; by default ../shared/data beside the"
              + " installation if it is there, else they are generated.")
  @Nullable Path data;

  @Option(
      names = "--quick",
      description = "Tiny tables and few runs: says that everything works, not how fast.")
  boolean isQuick;

  @Option(names = "--json", description = "Print the figures as JSON.")
  boolean isJson;

  /** Of each measurement. */
  public int runs() {
    return runs;
  }

  /** Whether all is to be tiny. */
  public boolean isQuick() {
    return isQuick;
  }

  /** The file to make documents from; null: they are generated. */
  public @Nullable Path listings() {
    if (data != null) {
      return data;
    }
    Path shared = home().resolve("../shared/data/listings.jsonl.gz").normalize();
    return Files.isReadable(shared) ? shared : null;
  }

  /** Where Freshet is installed. */
  public Path home() {
    return Path.of(System.getProperty("freshet.home", "."));
  }

  /** Takes lines for people, at once. */
  public Consumer<String> talk() {
    return text -> {
      line().getErr().println(text);
      line().getErr().flush();
    };
  }

  /** A whole run. */
  public interface Run {
    Figures figures() throws Exception;
  }

  /** Runs, prints the figures or why there are none, and returns the exit code. */
  public int print(Run run) throws Exception {
    try {
      Figures figures = run.figures();
      line().getOut().println(isJson ? Json.line(figures) : figures.text());
      return (figures.areMet() ? ExitCode.OK : ExitCode.FINDINGS).code();
    } catch (EmbeddedDatabaseException e) {
      line().getErr().println("no database for the benchmark: " + e.getMessage());
      return ExitCode.UNAVAILABLE.code();
    } catch (WrongContent e) {
      line().getErr().println(e.getMessage());
      return ExitCode.INTERNAL.code();
    }
  }

  /** The command line that was called. */
  public CommandLine line() {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("it runs through its command line");
    }
    return own.commandLine();
  }
}
