package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.Corpus;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.runtime.SystemTime;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bin/benchmark replicate}. */
@Command(
    name = "replicate",
    description = {
      "How many bytes a slave fetches for each byte of text that changed, merges included, and what"
          + " share of the merged bytes it makes itself."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:measured, and every target was reached",
      "1:measured, and a target was missed",
      "70:the slave does not have what the master published"
    })
public final class ReplicateCommand implements Callable<Integer> {
  private static final int QUICK_DIVISOR = 20;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--increments",
      paramLabel = "N",
      defaultValue = "60",
      description = "Increments of each workload (${DEFAULT-VALUE}).")
  int increments;

  @Option(
      names = "--replay",
      paramLabel = "MODE",
      defaultValue = "AUTO",
      description = "As pull.replay: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  ReplayMode replay = ReplayMode.AUTO;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Listings to make the documents from, JSON lines; by default they are generated.")
  @Nullable Path data;

  @Option(
      names = "--quick",
      description = "Few documents: says that everything works, not what it costs.")
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
    if (increments < 1) {
      throw new CommandLine.ParameterException(line, "--increments is 1 or more");
    }
    int divisor = isQuick ? QUICK_DIVISOR : 1;
    PrintWriter err = line.getErr();
    List<ShippingFigures> all = new ArrayList<>();
    for (Workload workload :
        List.of(
            new Workload("one city", 20_000 / divisor, 1, 10, increments, 1.0, 2.5),
            new Workload(
                "many cities",
                102_008 / divisor,
                isQuick ? 6 : 144,
                17,
                increments,
                2.5,
                Double.POSITIVE_INFINITY))) {
      err.printf("%s: %,d documents%n", workload.name(), workload.documents());
      err.flush();
      Path folder = Files.createTempDirectory("freshet-replicate");
      try (Shipping shipping =
          new Shipping(workload, Corpus.of(data, 1), replay, folder, new SystemTime())) {
        all.add(shipping.run());
      }
    }
    for (ShippingFigures figures : all) {
      line.getOut().println(isJson ? Json.line(figures) : figures.text());
    }
    boolean areMet = all.stream().allMatch(ShippingFigures::isMet);
    return (areMet ? ExitCode.OK : ExitCode.FINDINGS).code();
  }
}
