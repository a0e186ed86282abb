package freshet.replicator.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggingIT {
  @TempDir Path folder;

  @Test
  void theFolderOfTheLogIsMade() {
    Path logs = folder.resolve("log/freshet");
    assertThat(Logging.problemWith(logs)).isEmpty();
    assertThat(logs).isDirectory();
  }

  @Test
  void whereNoneCanBeMadeOneLineSaysSo() throws IOException {
    Path logs = Files.createFile(folder.resolve("log")).resolve("freshet");
    String account = System.getProperty("user.name");
    assertThat(Logging.problemWith(logs))
        .contains(
            "FRESHET_LOG: no log is written to %s, which %s can't write to; make it with: install -o %s -d %s"
                .formatted(logs, account, account, logs));
  }
}
