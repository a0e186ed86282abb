package freshet.indexer.benchmark.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.benchmark.IndexerCommand;
import freshet.indexer.benchmark.build.Figures;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.runtime.SystemTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** Says that everything works, and that contents are compared; how fast it is says no test. */
@Timeout(600)
class ReplicateBenchmarkIT {
  private final List<String> talk = new ArrayList<>();

  @Test
  void everyRowFindsItsFigures() throws Exception {
    Workload tiny =
        new Workload(600, 6, 400, 4, 2, 3, 1, ReplayMode.ALWAYS, EnumSet.allOf(Row.class), null);
    Figures figures;
    try (ReplicateBenchmark benchmark =
        ReplicateBenchmark.start(tiny, IndexerCommand.line(), talk::add, new SystemTime())) {
      figures = benchmark.run();
    }
    for (Row row : Row.values()) {
      assertThat(figures.figures()).as(row.text()).anyMatch(f -> f.name().startsWith(row.text()));
    }
    assertThat(figures.figures())
        .filteredOn(figure -> !figure.name().endsWith("failed"))
        .allMatch(figure -> figure.value() > 0);
    // Each was told as soon as it was known.
    figures.figures().forEach(figure -> assertThat(talk).contains(figure.text()));
  }

  @Test
  void wrongArgumentsAreRefused() {
    CommandLine command = new CommandLine(new ReplicateCommand());
    command.setErr(new PrintWriter(new StringWriter(), true));

    assertThat(command.execute("--increments", "0")).isEqualTo(2);
    assertThat(command.execute("--only", "wire-town")).isEqualTo(2);
  }
}
