package freshet.indexer.benchmark.index;

import freshet.indexer.benchmark.build.Corpus;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.runtime.SystemTime;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bin/benchmark index}. */
@Command(
    name = "index",
    description = {
      "How fast documents in memory become the indexes of many cities, beside IndexWriters that"
          + " are given them directly, by as many threads."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:measured, and the target was reached",
      "1:measured, and the target was missed",
      "70:an index does not hold what it was given"
    })
public final class IndexCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "102008",
      description = "Documents (${DEFAULT-VALUE}).")
  int documents;

  @Option(
      names = "--cities",
      paramLabel = "N",
      defaultValue = "144",
      description = "Their cities (${DEFAULT-VALUE}).")
  int cities;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads of each (${DEFAULT-VALUE}).")
  int threads;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Runs after two that warm up, of which the median counts (${DEFAULT-VALUE}).")
  int runs;

  @Option(
      names = "--only",
      paramLabel = "WAY",
      description = "For a profile: repeat one of ${COMPLETION-CANDIDATES}, and compare nothing.")
  @Nullable Way only;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Listings to make the documents from, JSON lines; by default ../shared/data beside the"
              + " installation if it is there, else they are generated.")
  @Nullable Path data;

  @Option(names = "--json", description = "Print the figures as JSON.")
  boolean isJson;

  @Override
  public Integer call() throws Exception {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("it runs through its command line");
    }
    CommandLine line = own.commandLine();
    if (documents < cities || cities < 1 || threads < 1 || runs < 1) {
      throw new CommandLine.ParameterException(
          line, "--cities, --threads and --runs are 1 or more, --documents no fewer than cities");
    }
    PrintWriter err = line.getErr();
    err.printf("making %,d documents%n", documents);
    err.flush();
    Inputs inputs = Inputs.of(Corpus.of(listings(), cities), documents, threads);
    IndexBenchmark benchmark =
        new IndexBenchmark(
            inputs,
            text -> {
              err.println(text);
              err.flush();
            },
            new SystemTime());
    Way profiled = only;
    if (profiled != null) {
      benchmark.repeat(profiled, runs);
      return ExitCode.OK.code();
    }
    IndexFigures figures = benchmark.run(runs);
    line.getOut().println(isJson ? Json.line(figures) : figures.text());
    return (figures.isMet() ? ExitCode.OK : ExitCode.FINDINGS).code();
  }

  private @Nullable Path listings() {
    if (data != null) {
      return data;
    }
    Path home = Path.of(System.getProperty("freshet.home", "."));
    Path shared = home.resolve("../shared/data/listings.jsonl.gz").normalize();
    return Files.isReadable(shared) ? shared : null;
  }
}
