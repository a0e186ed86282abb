package freshet.replicator.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextCommandsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "go on: bin/indexer rebuild --all    | go on: bin/indexer rebuild --config C --all",
        "bin/indexer diff --repair; done     | bin/indexer diff --config C --repair; done",
        "see: bin/indexer city list          | see: bin/indexer city list --config C",
        "bin/indexer check-config, then      | bin/indexer check-config --config C, then",
        "bin/indexer doctor; bin/indexer run | bin/indexer doctor --config C; bin/indexer run --config C",
        "bin/indexer run, process 7, since   | bin/indexer run, process 7, since",
        "bin/indexer build --config D        | bin/indexer build --config D",
        "bin/indexer city list --config D    | bin/indexer city list --config D",
        "bin/replicator pull                 | bin/replicator pull",
        "{\"fix\":\"bin/indexer build\"}     | {\"fix\":\"bin/indexer build\"}"
      })
  void commandsOfThisProgramHaveTheConfiguration(String said, String told) {
    assertThat(new NextCommands("bin/indexer", Path.of("C")).in(said)).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "my own/a.yaml | 'my own/a.yaml'",
        "it's | 'it'\\''s'",
        "/a-b/c_1.yaml | /a-b/c_1.yaml"
      })
  void aShellTakesTheFileForOneWord(String file, String quoted) {
    assertThat(new NextCommands("bin/indexer", Path.of(file)).in("bin/indexer run"))
        .isEqualTo("bin/indexer run --config " + quoted);
  }
}
