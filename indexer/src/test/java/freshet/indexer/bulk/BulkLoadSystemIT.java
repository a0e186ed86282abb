package freshet.indexer.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkLoadSystemIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 11})
  void whatAKilledProcessHasAddedIsThere(int pages) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoadMain.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int said = 0;
    try (BufferedReader output = process.inputReader()) {
      while (said < pages) {
        String line = output.readLine();
        if (line.startsWith(LoadMain.SAYS)) {
          said = Integer.parseInt(line.substring(LoadMain.SAYS.length()));
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }

    BulkOptions options = new BulkOptions(BuildOptions.of(1), 16, 100, 64);
    int documents;
    try (BulkLoad load = Loads.open(folder, options)) {
      documents = (int) load.documents();
      assertThat(documents).isGreaterThanOrEqualTo(said * 2_000);
      assertThat(load.reached()).isEqualTo(Map.of(0, Loads.key(documents - 1)));
      load.finish(Loads.at(1));
    }
    assertThat(Loads.contents(folder)).isEqualTo(Loads.expected(documents, LoadMain.CITIES));
    Loads.check(folder);
  }
}
