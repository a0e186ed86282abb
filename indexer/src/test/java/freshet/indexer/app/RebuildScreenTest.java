package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.replicator.command.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a rebuild draws on a terminal, and what it prints where there is none. */
class RebuildScreenTest {

  /**
   * A terminal of so many columns. Lines are cut to them as the library does it on a real one: it
   * reads a bar's state several times while it draws, so that one that moves meanwhile comes out
   * too long.
   */
  private static final class Terminal {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ConsoleProgressBarConsumer console;

    Terminal(int columns) {
      console =
          new ConsoleProgressBarConsumer(
              new PrintStream(bytes, true, StandardCharsets.UTF_8), columns);
    }

    /** What was drawn, one line after the other, without those that only clear another. */
    List<String> drawn() {
      return bytes
          .toString(StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .map(String::strip)
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 80, 200})
  void theBarNeverIsWiderThanTheTerminal(int columns) {
    Terminal terminal = new Terminal(columns);
    try (RebuildScreen screen = bar(terminal)) {
      screen.show(reading(2_500, "replica lag is 12 s, limit 10 s"));
      screen.show(reading(20_000, null));
    }
    assertThat(terminal.drawn()).isNotEmpty().allMatch(line -> line.length() <= columns);
  }

  @Test
  void theBarTellsShareDocumentsRateTimeLeftAndWhatItWaitsFor() {
    Terminal terminal = new Terminal(200);
    try (RebuildScreen screen = bar(terminal)) {
      screen.show(reading(2_500, "replica lag is 12 s, limit 10 s"));
    }
    assertThat(terminal.drawn().getLast())
        .startsWith("reading")
        .contains(
            "25%",
            "2500/10000",
            "2,400 documents, 300 rows/s, 1m 15s left; waits: replica lag is 12 s, limit 10 s");
  }

  @Test
  void anEstimateThatWasTooLowNeverMakesItClaimToBeDone() {
    Terminal terminal = new Terminal(200);
    try (RebuildScreen screen = bar(terminal)) {
      screen.show(reading(20_000, null));
    }
    assertThat(terminal.drawn().getLast()).contains("20000/20001").doesNotContain("100%");
  }

  @Test
  void eachPhaseHasABarAndAfterTheEndThereIsNone() {
    Terminal terminal = new Terminal(200);
    RebuildScreen screen = bar(terminal);
    screen.show(reading(10, null));
    screen.show(
        new RebuildProgress(Phase.CATCHING_UP, 2_400, 10_000, 10_000, 0, null, null, Map.of()));
    screen.close();
    assertThat(terminal.drawn().getLast()).startsWith("catching up").contains("2,400 documents");
    int before = terminal.drawn().size();
    screen.show(reading(20, null));
    assertThat(terminal.drawn()).hasSize(before);
  }

  @Test
  void withoutATerminalThereAreLinesAndForProgramsJson() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    List<String> printed = new CopyOnWriteArrayList<>();
    try (RebuildScreen plain = options("--plain").screen(false, said::add, printed::add)) {
      plain.show(reading(2_500, null));
    }
    assertThat(said).singleElement().asString().startsWith("reading: 2,500 of about 10,000 rows");
    assertThat(printed).isEmpty();

    try (RebuildScreen json = options("--json").screen(false, said::add, printed::add)) {
      json.show(reading(2_500, null));
    }
    assertThat(said).hasSize(1);
    assertThat(Json.parse(printed.getFirst()).path("rows").asLong()).isEqualTo(2_500);
  }

  private static RebuildScreen bar(Terminal terminal) {
    return new RebuildScreen.Bar(bar -> bar.setConsumer(terminal.console).build());
  }

  private static RebuildShowOptions options(String... arguments) {
    RebuildShowOptions options = new RebuildShowOptions();
    CommandLine.populateCommand(options, arguments);
    return options;
  }

  private static RebuildProgress reading(long rows, @Nullable String waits) {
    return new RebuildProgress(
        Phase.READING, 2_400, rows, 10_000, 300, Duration.ofSeconds(75), waits, Map.of());
  }
}
