package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.config.LimitWishes;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.scan.ScanLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that change while a rebuild runs. */
class RebuildLimitsNowIT {
  @TempDir Path folder;

  private Path config;
  private Path later;
  private int edits;

  @BeforeEach
  void configure() throws IOException {
    config = folder.resolve("indexer.yaml");
    later = folder.resolve("limits.json");
    edit("{threads: 3, max_rows_per_second: 100}");
  }

  @Test
  void theFileIsFollowed() throws Exception {
    RebuildLimitsNow limits = limits(LimitWishes.NONE);
    assertThat(limits.now()).isEqualTo(of(3, 100));
    edit("{threads: 2}");
    assertThat(limits.now()).isEqualTo(of(2, null));
    edit("{threads: none}");
    assertThat(limits.now()).as("a mistake changes nothing").isEqualTo(of(2, null));
  }

  @Test
  void whatWasSaidLastCountsBeforeTheCommandLineAndThatBeforeTheFile() throws Exception {
    RebuildLimitsNow limits = limits(new LimitWishes(null, "200", null, null));
    assertThat(limits.now()).isEqualTo(of(3, 200));
    RebuildLimitsNow.want(later, new LimitWishes(null, "300", null, null));
    RebuildLimitsNow.want(later, new LimitWishes(5, null, null, null));
    assertThat(limits.now()).isEqualTo(of(5, 300));
    edit("{threads: 2, max_rows_per_second: 400}");
    assertThat(limits.now()).isEqualTo(of(5, 300));
    RebuildLimitsNow.forget(later);
    assertThat(limits.now()).isEqualTo(of(2, 200));
  }

  @Test
  void aDamagedFileLeavesTheLimitsAsTheyWere() throws Exception {
    RebuildLimitsNow limits = limits(LimitWishes.NONE);
    RebuildLimitsNow.want(later, new LimitWishes(7, null, null, null));
    assertThat(limits.now()).isEqualTo(of(7, 100));
    Files.writeString(later, "{");
    assertThat(limits.now()).isEqualTo(of(7, 100));
  }

  private RebuildLimitsNow limits(LimitWishes typed) throws Exception {
    return new RebuildLimitsNow(IndexerConfig.read(config, Map.of()), config, typed, later);
  }

  private static RebuildLimits of(int threads, Integer rows) {
    return new RebuildLimits(threads, new ScanLimits(rows, null, null));
  }

  private void edit(String rebuild) throws IOException {
    Files.writeString(
        config,
        """
        source:
          endpoints: [{host: 127.0.0.1}]
          database: d
          user: u
          password: p
        table:
          name: t
          key: [{column: id, type: bigint}]
          version: {column: v, type: datetime(6)}
          city: city
        fields: [{name: title, type: text}]
        rebuild: %s
        """
            .formatted(rebuild));
    // Two edits within a tick of the file system would look like one.
    Files.setLastModifiedTime(
        config, FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(edits++)));
  }
}
