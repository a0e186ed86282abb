package freshet.indexer.benchmark.build;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.benchmark.IndexerCommand;
import freshet.replicator.runtime.SystemTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Says that everything works, and that contents are compared; how fast it is says no test. */
class BuildBenchmarkIT {
  private final List<String> talk = new ArrayList<>();

  @Test
  void everyMeasurementFindsItsFigures() throws Exception {
    Workload tiny = new Workload(600, 6, 1_000, 10, 2, 1, EnumSet.allOf(Measurement.class), null);
    Figures figures;
    try (BuildBenchmark benchmark =
        BuildBenchmark.start(tiny, IndexerCommand.line(), talk::add, new SystemTime())) {
      figures = benchmark.run();
    }
    for (Measurement one : Measurement.values()) {
      assertThat(figures.figures()).as(one.text()).anyMatch(f -> f.name().startsWith(one.text()));
    }
    assertThat(figures.figures()).allMatch(figure -> figure.value() > 0);
    assertThat(figures.text()).contains("600 documents in 6 cities, median of 1 runs");
  }

  @Test
  void onlyWhatIsNamedIsMeasured() throws Exception {
    Workload one = new Workload(100, 5, 100, 5, 1, 1, EnumSet.of(Measurement.REBUILD_WARM), null);
    try (BuildBenchmark benchmark =
        BuildBenchmark.start(one, IndexerCommand.line(), talk::add, new SystemTime())) {
      assertThat(benchmark.run().figures()).extracting(Figure::name).containsOnly("rebuild-warm");
    }
  }
}
