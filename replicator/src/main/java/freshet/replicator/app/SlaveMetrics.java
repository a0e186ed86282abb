package freshet.replicator.app;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.pull.Prefetcher;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.ReplayHealth;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.snapshot.Snapshot;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What GET /metrics of a slave tells, in the form that Prometheus reads. */
final class SlaveMetrics implements AutoCloseable {
  private static final double MILLIS = 1000.0;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  SlaveMetrics(Serving serving, Prefetcher prefetcher, ReplayHealth replays, ReplayMode mode) {
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("freshet_age_seconds", serving, SlaveMetrics::ageSeconds)
        .description("Age of the oldest city that is served, at most; NaN if unknown")
        .register(registry);
    counter(
        "freshet_prefetched_bytes_total",
        "Bytes that were fetched before a snapshot had them, beside the pulls",
        prefetcher,
        Prefetcher::bytesFetched);
    counter(
        "freshet_replayed_bytes_total",
        "Bytes of merged segments that were made here, and not fetched",
        replays,
        ReplayHealth::bytesReplayed);
    counter(
        "freshet_unreplayed_bytes_total",
        "Bytes of merged segments that were made here, came out otherwise, and were fetched",
        replays,
        ReplayHealth::bytesFetched);
    counter(
        "freshet_replay_failures_total",
        "Merges that were replayed and did not come out",
        replays,
        ReplayHealth::failures);
    Gauge.builder("freshet_replay_off", replays, health -> health.isOff() ? 1 : 0)
        .description("1 once merges are not replayed any more, after several failures in a row")
        .register(registry);
    speed(
        "freshet_fetch_bytes_per_second",
        "How quickly files are fetched, as measured lately; NaN if not known",
        () -> replays.speeds().fetch());
    speed(
        "freshet_replay_bytes_per_second",
        "How quickly merges are replayed, as measured lately; NaN if not known",
        () -> replays.speeds().replay());
    Gauge.builder("freshet_replay_preferred", () -> replays.replaysLargeMerges(mode) ? 1 : 0)
        .description("1 while large merges are replayed, 0 while they are fetched")
        .register(registry);
    gauge("freshet_documents", "Documents that are served", serving, Snapshot::documents);
    gauge("freshet_cities", "Cities that are served", serving, s -> s.cities().size());
    gauge(
        "freshet_generation_number",
        "Number of the generation that is served",
        serving,
        s -> s.generation().number());
  }

  /** Tells more. */
  void bind(MeterBinder more) {
    more.bindTo(registry);
  }

  /** Takes a pull into account. */
  void pulled(PullOutcome outcome) {
    String name =
        switch (outcome) {
          case PullOutcome.Installed installed -> {
            registry
                .counter("freshet_pulled_bytes_total")
                .increment((double) installed.report().bytesFetched());
            registry.timer("freshet_pull_seconds").record(installed.report().duration());
            yield "installed";
          }
          case PullOutcome.UpToDate current -> "up_to_date";
          case PullOutcome.Nothing nothing -> "nothing";
          case PullOutcome.Refused refused -> "refused";
        };
    registry.counter("freshet_pulls_total", "outcome", name).increment();
  }

  /** Takes a search into account. */
  void searched(int status) {
    registry.counter("freshet_searches_total", "status", Integer.toString(status)).increment();
  }

  /** All of them as text. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private void speed(String name, String text, Supplier<OptionalDouble> bytesPerSecond) {
    Gauge.builder(name, () -> bytesPerSecond.get().orElse(Double.NaN))
        .description(text)
        .register(registry);
  }

  private <T> void counter(String name, String text, T of, ToDoubleFunction<T> figure) {
    FunctionCounter.builder(name, of, figure).description(text).register(registry);
  }

  private void gauge(String name, String text, Serving serving, ToDoubleFunction<Snapshot> figure) {
    Gauge.builder(
            name,
            () -> {
              ServedState served = serving.served();
              return served == null ? Double.NaN : figure.applyAsDouble(served.snapshot());
            })
        .description(text)
        .register(registry);
  }

  private static double ageSeconds(Serving serving) {
    return switch (serving.age().age()) {
      case Age.Known known -> known.atMost().toMillis() / MILLIS;
      case Age.Unknown unknown -> Double.NaN;
    };
  }
}
