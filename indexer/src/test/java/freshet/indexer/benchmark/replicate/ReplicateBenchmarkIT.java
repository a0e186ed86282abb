package freshet.indexer.benchmark.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(300)
class ReplicateBenchmarkIT {

  @Test
  void aQuickRunTellsWhatWasFetchedAndReplayed() {
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new ReplicateCommand());
    command.setOut(new PrintWriter(out, true));

    int code = command.execute("--quick", "--increments", "12");

    assertThat(code).as("measured").isIn(0, 1);
    assertThat(out.toString())
        .contains("one city: 1,000 documents in 1 cities, 12 increments of 10 changes a city")
        .contains("fetched for a byte of changed text")
        .contains("merged bytes that were replayed");
  }

  @Test
  void wrongArgumentsAreRefused() {
    CommandLine command = new CommandLine(new ReplicateCommand());
    command.setErr(new PrintWriter(new StringWriter(), true));

    assertThat(command.execute("--increments", "0")).isEqualTo(2);
  }
}
