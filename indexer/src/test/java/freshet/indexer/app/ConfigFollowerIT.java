package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.merge.MergeLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFollowerIT {
  private static final String CONFIG =
      """
      source: {endpoints: [{host: db}], database: shop, user: reader, password: x}
      table:
        name: listing
        key: [{column: id, type: bigint}]
        city: city
        version: {column: updated_at, type: timestamp(6)}
        tombstones: {table: gone, key: [id], version: {column: at, type: timestamp(6)}, kept_for: 2d}
      fields: [{name: title, type: text}]
      default_fields: [title]
      """;

  private final List<Long> limits = new ArrayList<>();

  @TempDir Path folder;
  private Path file;
  private int writes;
  private ConfigFollower follower;

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("indexer.yaml");
    write("");
    follower =
        new ConfigFollower(
            file,
            Map.of(),
            "merge.max_rate",
            changed -> limits.add(changed.build().merge().limits().maxBytesPerSecond()));
  }

  @Test
  void aFileThatDidNotChangeChangesNothing() {
    follower.follow();

    assertThat(limits).isEmpty();
  }

  @Test
  void aChangedRateHoldsAtOnceAndIsReadOnce() throws IOException {
    write("merge: {max_rate: 20MB}");
    follower.follow();
    follower.follow();
    write("");
    follower.follow();

    assertThat(limits).containsExactly(20L << 20, MergeLimits.UNLIMITED);
  }

  @Test
  void aFileWithProblemsOrNoneAtAllChangesNothing() throws IOException {
    write("merge: {max_rate: fast}");
    follower.follow();
    Files.delete(file);
    follower.follow();

    assertThat(limits).isEmpty();
  }

  private void write(String merge) throws IOException {
    Files.writeString(file, CONFIG + merge + "\n");
    // Whatever the resolution of the file system's clock.
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000 + ++writes)));
  }
}
