package freshet.indexer.app;

import freshet.indexer.merge.MergeFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What /metrics tells of merges.
 *
 * @param figures of this moment
 */
record MergeMetrics(Supplier<MergeFigures> figures) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "freshet_merges_running", "Merges that have begun", f -> f.running().size());
    gauge(registry, "freshet_merges_waiting", "Merges that wait", f -> f.waiting().size());
    gauge(
        registry,
        "freshet_merges_waiting_bytes",
        "Bytes of the segments that wait to be merged",
        f -> f.waiting().stream().mapToDouble(MergeFigures.Waiting::bytes).sum());
    counter(registry, "freshet_merges_finished_total", "Merges", MergeFigures::finished);
    counter(registry, "freshet_merges_failed_total", "Merges that failed", MergeFigures::failed);
    counter(
        registry,
        "freshet_merge_written_bytes_total",
        "Bytes that merges wrote",
        MergeFigures::bytesWritten);
  }

  private void gauge(
      MeterRegistry registry, String name, String text, ToDoubleFunction<MergeFigures> figure) {
    Gauge.builder(name, () -> figure.applyAsDouble(figures.get()))
        .description(text)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, String text, ToDoubleFunction<MergeFigures> figure) {
    FunctionCounter.builder(name, figures, from -> figure.applyAsDouble(from.get()))
        .description(text)
        .register(registry);
  }
}
