package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.CityStatistics;
import freshet.replicator.snapshot.City;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CityMetricsTest {
  private final List<CityStatistics> cities = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void seriesDoNotGrowWithTheCities() {
    CityMetrics metrics = new CityMetrics(() -> cities, false);
    metrics.bindTo(registry);
    int before = registry.getMeters().size();
    for (int i = 1; i <= 100; i++) {
      cities.add(city("c" + i, i));
    }
    metrics.refresh();

    assertThat(registry.getMeters()).hasSize(before);
    assertThat(gauge("freshet_working_documents")).isEqualTo(5050);
    assertThat(share("0.5")).isEqualTo(50);
    assertThat(share("0.99")).isEqualTo(99);
    assertThat(share("1.0")).isEqualTo(100);
  }

  @Test
  void withoutACityThereIsNothingToSum() {
    new CityMetrics(() -> cities, false).bindTo(registry);

    assertThat(gauge("freshet_working_bytes")).isZero();
    assertThat(share("0.5")).isZero();
  }

  @Test
  void eachCityHasSeriesOfItsOwnWhereThatIsWanted() {
    CityMetrics metrics = new CityMetrics(() -> cities, true);
    metrics.bindTo(registry);
    cities.add(city("x", 7));
    metrics.refresh();
    cities.set(0, city("y", 8));
    metrics.refresh();

    assertThat(registry.get("freshet_each_city_documents").gauges())
        .singleElement()
        .satisfies(
            gauge -> {
              assertThat(gauge.getId().getTag("city")).isEqualTo("y");
              assertThat(gauge.value()).isEqualTo(8);
            });
  }

  @Test
  void theLastCommitIsToldAndNotSummed() {
    CityMetrics metrics = new CityMetrics(() -> cities, true);
    metrics.bindTo(registry);
    cities.add(city("x", 7));
    metrics.refresh();

    assertThat(gauge("freshet_each_city_last_commit_timestamp_seconds")).isEqualTo(1_000);
    assertThat(registry.find("freshet_working_last_commit_timestamp_seconds").gauge()).isNull();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double share(String share) {
    return registry.get("freshet_city_documents").tag("share", share).gauge().value();
  }

  private static CityStatistics city(String name, long documents) {
    return new CityStatistics(
        new City(name), documents, 0, 1, documents, Instant.ofEpochSecond(1_000));
  }
}
