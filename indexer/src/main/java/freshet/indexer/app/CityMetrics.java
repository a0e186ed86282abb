package freshet.indexer.app;

import freshet.indexer.build.CityStatistics;
import freshet.replicator.app.Shares;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What /metrics tells of the cities: totals and shares, so that the number of series does not grow
 * with the number of cities.
 */
final class CityMetrics implements MeterBinder {
  private record Figure(
      String name, String text, boolean isSum, ToDoubleFunction<CityStatistics> of) {}

  private static final List<Figure> FIGURES =
      List.of(
          new Figure("documents", "Live documents", true, CityStatistics::documents),
          new Figure(
              "deleted_documents", "Deleted, not merged away", true, CityStatistics::deleted),
          new Figure("segments", "Segments", true, CityStatistics::segments),
          new Figure("bytes", "Bytes", true, CityStatistics::bytes),
          new Figure(
              "last_commit_timestamp_seconds",
              "Unix time of the last commit",
              false,
              city -> city.lastCommit().getEpochSecond()));

  private final Supplier<List<CityStatistics>> statistics;
  private final boolean isPerCity;
  private final List<MultiGauge> perCity = new ArrayList<>();

  /**
   * Of these cities.
   *
   * @param isPerCity whether each city has series of its own, beside those of all
   */
  CityMetrics(Supplier<List<CityStatistics>> statistics, boolean isPerCity) {
    this.statistics = statistics;
    this.isPerCity = isPerCity;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Figure figure : FIGURES) {
      Shares.register(
          registry,
          "freshet_city_" + figure.name,
          figure.text + " that this share of the working indexes does not exceed",
          0,
          () -> values(figure));
      if (figure.isSum) {
        Gauge.builder("freshet_working_" + figure.name, () -> values(figure).sum())
            .description(figure.text + " of all working indexes")
            .register(registry);
      }
      if (isPerCity) {
        perCity.add(
            MultiGauge.builder("freshet_each_city_" + figure.name)
                .description(figure.text + " of a working index")
                .register(registry));
      }
    }
  }

  /** Takes up cities that came or went, before the series of each are read. */
  void refresh() {
    for (int i = 0; i < perCity.size(); i++) {
      ToDoubleFunction<CityStatistics> of = FIGURES.get(i).of;
      List<MultiGauge.Row<?>> rows = new ArrayList<>();
      for (CityStatistics city : statistics.get()) {
        rows.add(MultiGauge.Row.of(Tags.of("city", city.city().name()), city, of));
      }
      perCity.get(i).register(rows, true);
    }
  }

  private DoubleStream values(Figure figure) {
    return statistics.get().stream().mapToDouble(figure.of);
  }
}
