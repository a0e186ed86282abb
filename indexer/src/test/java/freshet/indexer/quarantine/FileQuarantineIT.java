package freshet.indexer.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileQuarantineIT {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("quarantine.jsonl");
  }

  private FileQuarantine open(long maxBytes) throws IOException {
    return new FileQuarantine(
        file, maxBytes, new ManualTime(Instant.parse("2026-01-01T00:00:00Z")));
  }

  @Test
  void rowIsWrittenOnceForEachReason() throws Exception {
    FileQuarantine quarantine = open(10_000);
    quarantine.setAside("7", "its city is NULL", "correct it");
    quarantine.setAside("7", "its city is NULL", "correct it");
    open(10_000).setAside("7", "its city is NULL", "correct it");
    quarantine.setAside("7", "too \"large\"", "correct it");
    assertThat(Files.readAllLines(file))
        .hasSize(2)
        .first()
        .isEqualTo(
            "{\"id\":\"7\",\"reason\":\"its city is NULL\",\"retry\":\"correct"
                + " it\",\"at\":\"2026-01-01T00:00:00Z\"}");
  }

  @Test
  void fileKeepsItsBound() throws Exception {
    FileQuarantine quarantine = open(500);
    for (int i = 0; i < 100; i++) {
      quarantine.setAside("id" + i, "reason", "retry");
    }
    assertThat(Files.size(file)).isBetween(300L, 500L);
  }

  @Test
  void lineCutShortByACrashIsSkipped() throws Exception {
    Files.writeString(file, "{\"id\":\"1\",\"rea");
    open(10_000).setAside("2", "r", "t");
    assertThat(Files.readAllLines(file)).hasSize(2).last().asString().startsWith("{\"id\":\"2\"");
  }
}
