package freshet.indexer.benchmark.build;

import freshet.replicator.runtime.SystemTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin final BenchmarkOptions common = new BenchmarkOptions();

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
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      converter = Measurement.Converter.class,
      description = "Measure these alone: " + Measurement.NAMES + ".")
  @Nullable List<Measurement> only;

  @Override
  public Integer call() throws Exception {
    Workload workload = workload(common.line());
    return common.print(() -> measure(workload));
  }

  private Figures measure(Workload workload) throws Exception {
    try (BuildBenchmark benchmark =
        BuildBenchmark.start(
            workload,
            List.of(common.home().resolve("bin/indexer").toString()),
            common.talk(),
            new SystemTime())) {
      return benchmark.run();
    }
  }

  private Workload workload(CommandLine line) {
    Set<Measurement> measured =
        only == null ? EnumSet.allOf(Measurement.class) : EnumSet.copyOf(only);
    try {
      return common.isQuick()
          ? new Workload(
              QUICK_DOCUMENTS,
              QUICK_CITIES,
              2 * QUICK_DOCUMENTS,
              2 * QUICK_CITIES,
              QUICK_SECONDS,
              1,
              measured,
              common.listings())
          : new Workload(
              documents,
              cities,
              largeDocuments,
              largeCities,
              seconds,
              common.runs(),
              measured,
              common.listings());
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(line, e.getMessage(), e);
    }
  }
}
