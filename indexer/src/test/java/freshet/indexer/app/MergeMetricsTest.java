package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.merge.MergeFigures;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergeMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private MergeFigures figures = new MergeFigures(List.of(), List.of(), 0, 0, 0, 1_000);

  @Test
  void theFiguresOfTheMomentAreTold() {
    new MergeMetrics(() -> figures).bindTo(registry);
    assertThat(gauge("freshet_merges_running")).isZero();

    figures =
        new MergeFigures(
            List.of(new MergeFigures.Running("x", 10, 5, Duration.ofSeconds(1), false)),
            List.of(
                new MergeFigures.Waiting("y", 20, "its turn"),
                new MergeFigures.Waiting("z", 30, "its hours")),
            7,
            2,
            9_000,
            1_000);

    assertThat(gauge("freshet_merges_running")).isEqualTo(1);
    assertThat(gauge("freshet_merges_waiting")).isEqualTo(2);
    assertThat(gauge("freshet_merges_waiting_bytes")).isEqualTo(50);
    assertThat(counter("freshet_merges_finished_total")).isEqualTo(7);
    assertThat(counter("freshet_merges_failed_total")).isEqualTo(2);
    assertThat(counter("freshet_merge_written_bytes_total")).isEqualTo(9_000);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double counter(String name) {
    return registry.get(name).functionCounter().count();
  }
}
