package freshet.replicator.swap;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a slave has mapped while a query still holds the old snapshot and the new one, in which all
 * cities were built anew, is open. The segments of one city serve all: links to its files, which
 * are mapped for each city by itself.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class SwitchMapsIT {
  private static final int CITIES = 700;
  private static final int SEGMENTS = 20;
  private static final String TEMPLATE = "city 0";

  /** What a host has that nobody changed. */
  private static final long DEFAULT_MAX_MAP_COUNT = 65_530;

  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("title", FieldType.TEXT, "standard", false, true, false)),
          List.of("title"));

  @TempDir Path folder;

  @Test
  void twoSnapshotsOfSevenHundredCitiesStayWithinTheDefault() throws Exception {
    try (RepositoryFixture master = new RepositoryFixture(folder, SCHEMA);
        SnapshotSwitch snapshots = new SnapshotSwitch(master.repository(), 2, new SystemTime())) {
      Snapshot first = publish(master);
      snapshots.switchTo(first, RepositoryFixture.advertisement(first));
      long one = maps();
      try (Lease query = snapshots.acquire().orElseThrow()) {
        Snapshot second = publish(master.rebuild(TEMPLATE));
        snapshots.switchTo(second, RepositoryFixture.advertisement(second));
        long both = maps();

        assertThat(query.snapshot().allCities().leaves()).hasSize(CITIES * SEGMENTS);
        assertThat(both - one).isGreaterThan(CITIES * SEGMENTS * 9L / 10);
        assertThat(both).isLessThan(DEFAULT_MAX_MAP_COUNT);
      }
      assertThat(maps()).as("the old snapshot is let go of").isLessThan(one + CITIES);
    }
  }

  private static Snapshot publish(RepositoryFixture master) throws IOException {
    for (int segment = 0; segment < SEGMENTS; segment++) {
      master.put(TEMPLATE, segment, segment, "word" + segment).flush(TEMPLATE);
    }
    for (int city = 1; city < CITIES; city++) {
      master.copy(TEMPLATE, "city " + city);
    }
    return master.publish();
  }

  private static long maps() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.count();
    }
  }
}
