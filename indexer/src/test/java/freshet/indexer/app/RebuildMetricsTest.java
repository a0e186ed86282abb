package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.scan.WaitReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RebuildMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Optional<RebuildStatus> status = Optional.empty();
  private final RebuildMetrics metrics = new RebuildMetrics(() -> status);

  @BeforeEach
  void bind() {
    metrics.bindTo(registry);
  }

  @Test
  void aRebuildTellsItsPhaseItsRateAndWhyItHasWaited() {
    status =
        Optional.of(
            new RebuildStatus(
                Phase.READING,
                null,
                Instant.EPOCH,
                42L,
                new RebuildProgress(
                    Phase.READING,
                    11,
                    12,
                    50,
                    3,
                    null,
                    null,
                    Map.of(WaitReason.REPLICA_LAG, Duration.ofMillis(2_500))),
                null));
    metrics.refresh();

    assertThat(value("freshet_rebuild_phase", "phase", "reading")).isEqualTo(1);
    assertThat(value("freshet_rebuild_phase", "phase", "ready")).isZero();
    assertThat(value("freshet_rebuild_documents")).isEqualTo(11);
    assertThat(value("freshet_rebuild_rows")).isEqualTo(12);
    assertThat(value("freshet_rebuild_estimated_rows")).isEqualTo(50);
    assertThat(value("freshet_rebuild_rows_per_second")).isEqualTo(3);
    assertThat(value("freshet_rebuild_waited_seconds", "reason", "replica_lag")).isEqualTo(2.5);
    assertThat(value("freshet_rebuild_waited_seconds", "reason", "server")).isZero();
  }

  @Test
  void withoutOneAllAreZero() {
    metrics.refresh();
    registry
        .getMeters()
        .forEach(
            meter -> meter.measure().forEach(measured -> assertThat(measured.getValue()).isZero()));
  }

  private double value(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }
}
