package freshet.indexer.app;

import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.source.CheckCounts;
import freshet.indexer.source.PollReport;
import freshet.replicator.app.Buckets;
import freshet.replicator.snapshot.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What GET /metrics of a master tells, in the form that Prometheus reads. */
final class MasterMetrics implements AutoCloseable {
  private static final double MILLIS = 1000.0;

  private final PrometheusMeterRegistry registry;

  /** A registry does not keep what its meters look at, which then say the same for ever, or NaN. */
  private final List<MeterBinder> bound = new ArrayList<>();

  private final DatabaseMetrics database;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private volatile @Nullable Instant readThrough;
  private volatile int windowPairs;
  private volatile int findings;

  /** Takes over the registry, which it closes. */
  MasterMetrics(
      PrometheusMeterRegistry registry,
      DatabaseMetrics database,
      Supplier<@Nullable Snapshot> published) {
    this.registry = registry;
    this.database = database;
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    gauge(
        "freshet_documents", "Documents of the published snapshot", published, Snapshot::documents);
    gauge("freshet_bytes", "Bytes of the published snapshot", published, Snapshot::bytes);
    gauge("freshet_cities", "Cities of the published snapshot", published, s -> s.cities().size());
    gauge(
        "freshet_generation_number",
        "Number of the published generation",
        published,
        s -> s.generation().number());
    Gauge.builder("freshet_read_through_timestamp_seconds", this, MasterMetrics::readThroughSeconds)
        .description("Up to when on the database's clock all that are not behind are complete")
        .register(registry);
    Gauge.builder("freshet_window_pairs", this, self -> self.windowPairs)
        .description("Pairs of the overlap that are kept in memory")
        .register(registry);
    Gauge.builder("freshet_findings", this, self -> self.findings)
        .description("Findings of the last cycle, which the status and the log tell")
        .register(registry);
  }

  /** Tells how many rows are set aside. */
  void quarantine(Supplier<Number> rows) {
    Gauge.builder("freshet_quarantine_rows", rows)
        .description("Rows that are set aside, since they can't become documents")
        .register(registry);
  }

  /** What hears of connections to the database. */
  DatabaseMetrics database() {
    return database;
  }

  /** Tells more. */
  void bind(MeterBinder more) {
    more.bindTo(registry);
    bound.add(more);
  }

  /** Takes a cycle into account. */
  void cycle(CycleReport report) {
    Counter.builder("freshet_cycles_total")
        .description("Cycles by what came of them")
        .tag("outcome", outcome(report.outcome()))
        .register(registry)
        .increment();
    findings = report.findings().size();
    stage("poll", report.times().poll());
    stage("route", report.times().route());
    stage("build", report.times().build());
    stage("publish", report.times().publish());
    count(
        "freshet_rescued_total",
        "Documents that only the overlap found",
        report.counts().rescued());
    count(
        "freshet_equal_total",
        "Documents that were dropped, since the index has them just so",
        report.counts().equal().total());
    PollReport poll = report.poll();
    if (poll != null) {
      count("freshet_deletions_read_total", "Tombstones that polls read", poll.deletionsRead());
      count("freshet_changes_read_total", "Rows that polls read", poll.changesRead());
      count(
          "freshet_quarantined_total",
          "How often a poll read a row that can't become a document",
          poll.quarantined());
      database.polled(poll);
      windowPairs = poll.windowPairs();
      CheckCounts checks = poll.checks();
      count("freshet_swept_total", "Versions that the sweep compared", checks.sweptPairs());
      count(
          "freshet_sweep_rescued_total",
          "Documents that only the sweep found",
          checks.sweepRescued());
      count("freshet_diff_keys_total", "Keys that id diffs compared", (double) checks.diffKeys());
      count(
          "freshet_diff_found_total",
          "Documents that differed in id diffs",
          (double) checks.diffFound());
    }
    Instant through = report.readThrough();
    if (through != null) {
      readThrough = through;
    }
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

  private void stage(String name, Duration took) {
    Timer.builder("freshet_stage_seconds")
        .description("How long the stages of cycles took")
        .tag("stage", name)
        .serviceLevelObjectives(Buckets.ofWork())
        .register(registry)
        .record(took);
  }

  private void count(String name, String text, double more) {
    Counter.builder(name).description(text).register(registry).increment(more);
  }

  private double readThroughSeconds() {
    Instant through = readThrough;
    return through == null ? Double.NaN : through.toEpochMilli() / MILLIS;
  }

  private interface Figure {
    double of(Snapshot snapshot);
  }

  private void gauge(
      String name, String text, Supplier<@Nullable Snapshot> published, Figure figure) {
    Gauge.builder(
            name,
            () -> {
              Snapshot snapshot = published.get();
              return snapshot == null ? Double.NaN : figure.of(snapshot);
            })
        .description(text)
        .register(registry);
  }

  private static String outcome(CycleOutcome outcome) {
    return switch (outcome) {
      case CycleOutcome.Published published -> "published";
      case CycleOutcome.Refreshed refreshed -> "refreshed";
      case CycleOutcome.Held held -> "held";
      case CycleOutcome.Failed failed -> "failed_" + failed.stage().name().toLowerCase(Locale.ROOT);
    };
  }
}
