package freshet.indexer.app;

import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.scan.WaitReason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What /metrics tells of a rebuild, whichever process is at work at it; zero while none is. */
final class RebuildMetrics implements MeterBinder {
  private static final double MILLIS = 1000.0;

  private final Supplier<Optional<RebuildStatus>> look;
  private volatile @Nullable RebuildStatus last;

  /**
   * Of the rebuild that is under way.
   *
   * @param look finds it, which reads files
   */
  RebuildMetrics(Supplier<Optional<RebuildStatus>> look) {
    this.look = look;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Phase phase : Phase.values()) {
      Gauge.builder("freshet_rebuild_phase", this, self -> self.is(phase) ? 1 : 0)
          .description("1 for the phase that a rebuild is in")
          .tag("phase", label(phase))
          .register(registry);
    }
    gauge(registry, "documents", "Documents in the new indexes", RebuildProgress::documents);
    gauge(registry, "rows", "Rows that were read", RebuildProgress::rows);
    gauge(registry, "estimated_rows", "Rows of the table, about", RebuildProgress::estimatedRows);
    gauge(registry, "rows_per_second", "Rows read lately", RebuildProgress::rowsPerSecond);
    for (WaitReason reason : WaitReason.values()) {
      Gauge.builder("freshet_rebuild_waited_seconds", this, self -> self.waited(reason))
          .description("How long the threads that read have waited, by reason")
          .tag("reason", label(reason))
          .register(registry);
    }
  }

  /** Looks again, before the series are read. */
  void refresh() {
    last = look.get().orElse(null);
  }

  private void gauge(
      MeterRegistry registry, String name, String text, ToDoubleFunction<RebuildProgress> figure) {
    Gauge.builder(
            "freshet_rebuild_" + name,
            this,
            self -> self.progress().map(figure::applyAsDouble).orElse(0.0))
        .description(text)
        .register(registry);
  }

  private boolean is(Phase phase) {
    RebuildStatus status = last;
    return status != null && status.phase() == phase;
  }

  private double waited(WaitReason reason) {
    return progress()
        .map(progress -> progress.waited().getOrDefault(reason, Duration.ZERO).toMillis() / MILLIS)
        .orElse(0.0);
  }

  private Optional<RebuildProgress> progress() {
    return Optional.ofNullable(last).map(RebuildStatus::progress);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
