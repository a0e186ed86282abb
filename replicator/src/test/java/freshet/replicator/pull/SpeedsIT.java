package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeedsIT {
  private static final int MB = 1 << 20;

  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  @TempDir Path folder;

  @Test
  void whatWasMeasuredIsRememberedAndDecides() {
    Path file = folder.resolve("speeds.json");
    Speeds speeds = Speeds.in(file, time);
    ReplayHealth health = new ReplayHealth(speeds);
    assertThat(health.sentence(ReplayMode.AUTO))
        .isEqualTo(
            "merges are replayed: the speed of merging is not measured yet, and replaying saves bytes");
    long start = speeds.start();
    time.advance(Duration.ofSeconds(2));
    speeds.replayed(20 * MB, start);
    time.advance(Duration.ofMinutes(1));
    start = speeds.start();
    time.advance(Duration.ofSeconds(1));
    speeds.fetched(80 * MB, start);

    assertThat(health.sentence(ReplayMode.AUTO))
        .isEqualTo("merges are fetched: merging makes 10.0 MB/s, fetching 80.0 MB/s");
    assertThat(health.replaysLargeMerges(ReplayMode.AUTO)).isFalse();
    assertThat(health.replaysLargeMerges(ReplayMode.ALWAYS)).isTrue();
    Speeds next = Speeds.in(file, time);
    assertThat(next.fetch()).hasValue(80 * MB);
    assertThat(next.replay()).hasValue(10 * MB);
  }

  @Test
  void aDamagedMemoryIsNone() throws Exception {
    Path file = Files.writeString(folder.resolve("speeds.json"), "{\"fetch\":");

    assertThat(Speeds.in(file, time).fetch()).isEmpty();
  }
}
