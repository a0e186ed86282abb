package freshet.replicator.app;

import freshet.replicator.freshness.AgeStage;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.page.CityRow;
import freshet.replicator.pull.PackHealth;
import freshet.replicator.pull.Prefetcher;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.PullReport;
import freshet.replicator.pull.ReplayHealth;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.snapshot.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What GET /metrics of a slave tells, in the form that Prometheus reads. */
final class SlaveMetrics implements AutoCloseable {
  private static final double MILLIS = 1000.0;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** A registry does not keep what its meters look at, which then say the same for ever, or NaN. */
  private final List<MeterBinder> bound = new ArrayList<>();

  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Serving serving;
  private final @Nullable MultiGauge eachCity;
  private final @Nullable MultiGauge eachStage;

  /**
   * Of these.
   *
   * @param isPerCity whether each city has a series of its own, beside those of all
   */
  SlaveMetrics(
      Serving serving,
      Prefetcher prefetcher,
      PackHealth packs,
      ReplayHealth replays,
      ReplayMode mode,
      boolean isPerCity) {
    this.serving = serving;
    this.eachCity =
        isPerCity
            ? MultiGauge.builder("freshet_each_city_age_seconds")
                .description("Age of a city that is served; +Inf for one that was never complete")
                .register(registry)
            : null;
    this.eachStage =
        isPerCity
            ? MultiGauge.builder("freshet_each_city_age_stage_seconds")
                .description("What this stage has of the age of a city; all add up to it")
                .register(registry)
            : null;
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("freshet_age_seconds", serving, SlaveMetrics::ageSeconds)
        .description("Age of the oldest city that is served, at most; NaN if unknown")
        .register(registry);
    if (serving.canary() != null) {
      Gauge.builder("freshet_canary_age_seconds", serving, SlaveMetrics::canarySeconds)
          .description("How long ago the canary was written that is found here; NaN if unknown")
          .register(registry);
    }
    counter(
        "freshet_prefetched_bytes_total",
        "Bytes that were fetched before a snapshot had them, beside the pulls",
        prefetcher,
        Prefetcher::bytesFetched);
    counter(
        "freshet_packs_distrusted_total",
        "Packs of a right digest that held something else than they should",
        packs,
        PackHealth::failures);
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
    for (AgeStage stage : AgeStage.values()) {
      Gauge.builder("freshet_age_stage_seconds", () -> seconds(stage.of(serving.age().stages())))
          .description("What this stage has of the age of the oldest city; all add up to it")
          .tag("stage", stage.label())
          .register(registry);
    }
    Shares.register(
        registry,
        "freshet_city_age_seconds",
        "Age that this share of the cities does not exceed; +Inf for one that was never complete",
        Double.NaN,
        () -> serving.cities(Map.of()).stream().mapToDouble(SlaveMetrics::ageOfMany));
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
    bound.add(more);
  }

  /** Takes a pull into account. */
  void pulled(PullOutcome outcome) {
    String name =
        switch (outcome) {
          case PullOutcome.Installed installed -> {
            pulled(installed.report());
            yield "installed";
          }
          case PullOutcome.UpToDate current -> "up_to_date";
          case PullOutcome.Nothing nothing -> "nothing";
          case PullOutcome.Refused refused -> "refused";
        };
    count("freshet_pulls_total", "Pulls that ended, by what came of them", "outcome", name);
  }

  private void pulled(PullReport report) {
    Counter.builder("freshet_pulled_bytes_total")
        .description("Bytes that pulls fetched, as they came over the wire")
        .register(registry)
        .increment((double) report.bytesFetched());
    Timer.builder("freshet_pull_seconds")
        .description("How long pulls took that installed something")
        .serviceLevelObjectives(Buckets.ofWork())
        .register(registry)
        .record(report.duration());
  }

  /** Takes a pull that failed, or was refused, into account. */
  void pullFailed(String failure) {
    count("freshet_pull_failures_total", "Pulls that failed, by class", "class", failure);
  }

  /** A search begins. */
  Timer.Sample searchBegins() {
    return Timer.start(registry);
  }

  /** Takes a search into account. */
  void searched(Timer.Sample search, int status) {
    search.stop(
        Timer.builder("freshet_search_seconds")
            .description("How long searches took, whatever came of them")
            .serviceLevelObjectives(Buckets.ofExchanges())
            .register(registry));
    count("freshet_searches_total", "Searches by status", "status", Integer.toString(status));
  }

  /** All of them as text. */
  String scrape() {
    if (eachCity != null && eachStage != null) {
      List<MultiGauge.Row<?>> rows = new ArrayList<>();
      List<MultiGauge.Row<?>> stages = new ArrayList<>();
      for (CityRow city : serving.cities(Map.of())) {
        Tags tags = Tags.of("city", city.city().name());
        rows.add(MultiGauge.Row.of(tags, ageOfMany(city)));
        for (AgeStage stage : AgeStage.values()) {
          stages.add(
              MultiGauge.Row.of(
                  tags.and("stage", stage.label()), seconds(stage.of(city.stages()))));
        }
      }
      // Of cities that came and went, too.
      eachCity.register(rows, true);
      eachStage.register(stages, true);
    }
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

  private void count(String name, String text, String label, String value) {
    Counter.builder(name).description(text).tag(label, value).register(registry).increment();
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

  private static double ageOfMany(CityRow city) {
    return city.age().secondsOr(Double.POSITIVE_INFINITY);
  }

  private static double ageSeconds(Serving serving) {
    return serving.age().age().secondsOr(Double.NaN);
  }

  private static double canarySeconds(Serving serving) {
    CanaryReport canary = serving.canary();
    return canary == null ? Double.NaN : canary.age().secondsOr(Double.NaN);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }
}
