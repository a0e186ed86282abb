package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.source.CheckCounts;
import freshet.indexer.source.Finding;
import freshet.indexer.source.PollReport;
import freshet.replicator.app.MetricsLint;
import freshet.replicator.page.PhaseHistogram;
import freshet.replicator.snapshot.Generation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MasterMetricsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MasterMetrics metrics =
      new MasterMetrics(registry, new DatabaseMetrics(List.of(), registry), () -> null);

  @AfterEach
  void close() {
    metrics.close();
  }

  /** Of something that nobody else keeps. */
  private record Answer(AtomicInteger value) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry to) {
      Gauge.builder("freshet_answer", this, self -> self.value.get()).register(to);
    }
  }

  @Test
  void whatIsBoundIsKept() {
    AtomicInteger value = new AtomicInteger(42);
    metrics.bind(new Answer(value));
    for (int i = 0; i < 10; i++) {
      System.gc();
    }
    assertThat(registry.scrape()).contains("freshet_answer 42.0");
  }

  private static CycleReport report(CycleOutcome outcome) {
    return new CycleReport(
        NOON,
        outcome,
        new PollReport(
            "db:3306",
            NOON,
            NOON,
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            4,
            1,
            2,
            3,
            5,
            6,
            7,
            8,
            9,
            100,
            new CheckCounts(10, 11, 12, 13)),
        new BatchCounts(0, 0, 0, 14, new BatchCounts.Dropped(15, 0, 0, 0, 0), 0, List.of()),
        0,
        0,
        0,
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedSet(),
        Collections.emptySortedMap(),
        false,
        NOON,
        null,
        List.of(new Finding("what", "evidence", "fix")),
        new CycleReport.StageTimes(
            Duration.ZERO,
            Duration.ofMillis(16),
            Duration.ZERO,
            Duration.ofMillis(17),
            Duration.ofMillis(18)));
  }

  @Test
  void figuresOfACycleAreTold() {
    metrics.quarantine(() -> 19);
    metrics.cycle(report(new CycleOutcome.Refreshed(new Generation(1, 1))));
    metrics.cycle(report(new CycleOutcome.Refreshed(new Generation(1, 1))));
    metrics.cycle(report(new CycleOutcome.Held("for a test")));

    assertThat(metrics.scrape())
        .contains(
            "freshet_cycles_total{outcome=\"refreshed\"} 2.0",
            "freshet_cycles_total{outcome=\"held\"} 1.0",
            "freshet_quarantine_rows 19.0",
            "freshet_quarantined_total 27.0",
            "freshet_findings 1.0",
            "freshet_deletions_read_total 9.0",
            "freshet_changes_read_total 15.0",
            "freshet_poll_queries_total 12.0",
            "freshet_connects_total 3.0",
            "freshet_retries_total 6.0",
            "freshet_window_pairs 8.0",
            "freshet_swept_total 30.0",
            "freshet_sweep_rescued_total 33.0",
            "freshet_diff_keys_total 36.0",
            "freshet_diff_found_total 39.0",
            "freshet_rescued_total 42.0",
            "freshet_equal_total 45.0",
            "freshet_replica_lag_seconds 2.0",
            "freshet_stage_seconds_count{stage=\"build\"} 3",
            "freshet_read_through_timestamp_seconds 1.7723664E9");
  }

  @Test
  void handshakesAreCountedInTheirBuckets() {
    Endpoint endpoint = new Endpoint("db", 3306);
    DatabaseMetrics database = new DatabaseMetrics(List.of(endpoint), registry);
    for (int millis : new int[] {1, 2, 3, 40_000}) {
      Duration took = Duration.ofMillis(millis);
      database.connected(endpoint, new ConnectTimings(Map.of(ConnectPhase.GREETING, took)));
    }

    assertThat(database.histograms())
        .hasSize(ConnectPhase.values().length)
        .filteredOn(histogram -> histogram.phase().equals("greeting"))
        .extracting(PhaseHistogram::counts)
        .containsExactly(List.of(1L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L));
  }

  @Test
  void allOfItKeepsTheConventions() {
    metrics.quarantine(() -> 19);
    metrics.cycle(report(new CycleOutcome.Refreshed(new Generation(1, 1))));
    assertThat(MetricsLint.problems(metrics.scrape())).isEmpty();
  }

  @Test
  void whatIsNotKnownIsNoNumber() {
    assertThat(metrics.scrape())
        .contains(
            "freshet_documents NaN",
            "freshet_bytes NaN",
            "freshet_cities NaN",
            "freshet_generation_number NaN",
            "freshet_read_through_timestamp_seconds NaN",
            "freshet_replica_lag_seconds NaN");
  }
}
