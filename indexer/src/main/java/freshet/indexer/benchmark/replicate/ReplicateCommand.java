package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.BenchmarkOptions;
import freshet.indexer.benchmark.build.Figures;
import freshet.replicator.pull.ReplayMode;
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

/** {@code bin/benchmark replicate}. */
@Command(
    name = "replicate",
    description = {
      "From the published snapshot to the slaves: bytes on the wire, what a pull takes, a first"
          + " sync, from the database's commit to a slave, clones beside the master's connections;"
          + " beside rsync and Sphinx where they are installed.",
      "Starts a database of its own. What slaves have in the end is compared with the table."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:measured, and every target was reached",
      "1:measured, and a target was missed",
      "69:no database could be started",
      "70:a slave does not have what the table holds, or the benchmark itself failed"
    })
public final class ReplicateCommand implements Callable<Integer> {
  private static final int QUICK_DOCUMENTS = 1_500;
  private static final int QUICK_CITIES = 6;
  private static final int QUICK_CITY_DOCUMENTS = 1_000;
  private static final int QUICK_INCREMENTS = 6;
  private static final int QUICK_SECONDS = 4;
  private static final int QUICK_SLAVES = 8;

  @Mixin final BenchmarkOptions common = new BenchmarkOptions();

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "102008",
      description = "Documents of the table of many cities (${DEFAULT-VALUE}).")
  int documents;

  @Option(
      names = "--cities",
      paramLabel = "N",
      defaultValue = "144",
      description = "Its cities (${DEFAULT-VALUE}).")
  int cities;

  @Option(
      names = "--city-documents",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Documents of the table of one city (${DEFAULT-VALUE}).")
  int cityDocuments;

  @Option(
      names = "--increments",
      paramLabel = "N",
      defaultValue = "60",
      description = "Increments whose bytes are counted (${DEFAULT-VALUE}).")
  int increments;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long changes come in where they do so every second (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--slaves",
      paramLabel = "N",
      defaultValue = "50",
      description = "Slaves that clone at one time (${DEFAULT-VALUE}).")
  int slaves;

  @Option(
      names = "--replay",
      paramLabel = "MODE",
      defaultValue = "AUTO",
      description = "As pull.replay: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  ReplayMode replay = ReplayMode.AUTO;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      converter = Row.Converter.class,
      description = "Measure these alone: " + Row.NAMES + ".")
  @Nullable List<Row> only;

  @Override
  public Integer call() throws Exception {
    Workload workload = workload();
    return common.print(() -> measure(workload));
  }

  private Figures measure(Workload workload) throws Exception {
    try (ReplicateBenchmark benchmark =
        ReplicateBenchmark.start(
            workload,
            List.of(common.home().resolve("bin/indexer").toString()),
            common.talk(),
            new SystemTime())) {
      return benchmark.run();
    }
  }

  private Workload workload() {
    Set<Row> measured = only == null ? EnumSet.allOf(Row.class) : EnumSet.copyOf(only);
    try {
      return common.isQuick()
          ? new Workload(
              QUICK_DOCUMENTS,
              QUICK_CITIES,
              QUICK_CITY_DOCUMENTS,
              QUICK_INCREMENTS,
              QUICK_SECONDS,
              QUICK_SLAVES,
              1,
              replay,
              measured,
              common.listings())
          : new Workload(
              documents,
              cities,
              cityDocuments,
              increments,
              seconds,
              slaves,
              common.runs(),
              replay,
              measured,
              common.listings());
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(common.line(), e.getMessage(), e);
    }
  }
}
