package freshet.indexer.benchmark.build;

import freshet.indexer.embedded.EmbeddedDatabaseException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.runtime.SystemTime;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bin/benchmark build}. */
@Command(
    name = "build",
    description = {
      "From the database to the published snapshot: rebuilds, increments, what they write, idle"
          + " cycles, start-up; beside Sphinx where Debian's sphinxsearch is installed.",
      "Starts a database of its own and fills it first. With every measurement the content of what"
          + " was published is compared with the table."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:measured, and every target was reached",
      "1:measured, and a target was missed",
      "69:no database could be started",
      "70:an index does not hold what the table holds, or the benchmark itself failed"
    })
public final class BuildCommand implements Callable<Integer> {
  private static final int QUICK_DOCUMENTS = 3_000;
  private static final int QUICK_CITIES = 12;
  private static final int QUICK_SECONDS = 5;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "102008",
      description = "Documents of the smaller table (${DEFAULT-VALUE}).")
  int documents;

  @Option(
      names = "--cities",
      paramLabel = "N",
      defaultValue = "144",
      description = "Their cities (${DEFAULT-VALUE}).")
  int cities;

  @Option(
      names = "--large-documents",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Documents of the larger table (${DEFAULT-VALUE}).")
  int largeDocuments;

  @Option(
      names = "--large-cities",
      paramLabel = "N",
      defaultValue = "700",
      description = "Their cities (${DEFAULT-VALUE}).")
  int largeCities;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "120",
      description = "How long changes come in at the operating point (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Runs of each measurement, of which the median counts (${DEFAULT-VALUE}).")
  int runs;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      converter = Measurement.Converter.class,
      description = "Measure these alone: " + Measurement.NAMES + ".")
  @Nullable List<Measurement> only;

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

  @Override
  public Integer call() throws Exception {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("it runs through its command line");
    }
    CommandLine line = own.commandLine();
    Workload workload = workload(line);
    PrintWriter err = line.getErr();
    Path home = Path.of(System.getProperty("freshet.home", "."));
    try (BuildBenchmark benchmark =
        BuildBenchmark.start(
            workload,
            List.of(home.resolve("bin/indexer").toString()),
            text -> {
              err.println(text);
              err.flush();
            },
            new SystemTime())) {
      BuildFigures figures = benchmark.run();
      line.getOut().println(isJson ? Json.line(figures) : figures.text());
      return (figures.areMet() ? ExitCode.OK : ExitCode.FINDINGS).code();
    } catch (EmbeddedDatabaseException e) {
      err.println("no database for the benchmark: " + e.getMessage());
      return ExitCode.UNAVAILABLE.code();
    } catch (WrongContent e) {
      err.println(e.getMessage());
      return ExitCode.INTERNAL.code();
    }
  }

  private Workload workload(CommandLine line) {
    Set<Measurement> measured =
        only == null ? EnumSet.allOf(Measurement.class) : EnumSet.copyOf(only);
    try {
      return isQuick
          ? new Workload(
              QUICK_DOCUMENTS,
              QUICK_CITIES,
              2 * QUICK_DOCUMENTS,
              2 * QUICK_CITIES,
              QUICK_SECONDS,
              1,
              measured,
              listings())
          : new Workload(
              documents, cities, largeDocuments, largeCities, seconds, runs, measured, listings());
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(line, e.getMessage(), e);
    }
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
