package freshet.indexer.app;

import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.PollReport;
import freshet.replicator.app.Buckets;
import freshet.replicator.page.PhaseHistogram;
import freshet.replicator.serve.HandshakeWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What GET /metrics tells of the database as this master sees it: every phase of every handshake,
 * so that one that gets slower is seen before it fails. Thread-safe.
 */
final class DatabaseMetrics implements SessionListener {
  private static final double MILLIS = 1000.0;

  private static final Duration[] BUCKETS = Buckets.ofExchanges();

  private final List<Endpoint> endpoints;
  private final MeterRegistry registry;
  private volatile @Nullable PollReport newest;
  private volatile @Nullable HandshakeWatch watch;

  /** Registers what each of these servers is asked for, so that a series exists before it moves. */
  DatabaseMetrics(List<Endpoint> endpoints, MeterRegistry registry) {
    this.endpoints = List.copyOf(endpoints);
    this.registry = registry;
    for (Endpoint endpoint : endpoints) {
      for (ConnectPhase phase : ConnectPhase.values()) {
        phase(endpoint, phase);
      }
      Gauge.builder("freshet_endpoint_polled", this, self -> self.isPolled(endpoint) ? 1 : 0)
          .description("1 for the server that the last poll read from")
          .tag("endpoint", endpoint.toString())
          .register(registry);
    }
    Gauge.builder("freshet_replica_lag_seconds", this, DatabaseMetrics::lagSeconds)
        .description("How far the polled server is behind its source at most; NaN if unknown")
        .register(registry);
  }

  @Override
  public void connected(Endpoint endpoint, ConnectTimings timings) {
    timings.phases().forEach((phase, took) -> phase(endpoint, phase).record(took));
  }

  @Override
  public void failed(Endpoint endpoint, SourceException failure) {
    Counter.builder("freshet_source_failures_total")
        .description("Connects and queries that failed, also such as were repeated with success")
        .tag("endpoint", endpoint.toString())
        .tag("class", failure.getClass().getSimpleName())
        .tag(
            "during",
            failure.getCause() instanceof ConnectFailure connect ? word(connect.phase()) : "query")
        .register(registry)
        .increment();
    HandshakeWatch listening = watch;
    // A server that is down, or full, is not one that is reached too slowly.
    if (listening != null
        && (failure instanceof SourceException.HandshakeLost
            || failure instanceof SourceException.HandshakeTimedOut)) {
      listening.failed();
    }
  }

  /** The server that the last poll read from; before the first, the preferred one. */
  Endpoint polledEndpoint() {
    return endpoints.stream().filter(this::isPolled).findFirst().orElse(endpoints.getFirst());
  }

  /** Lets another one hear of handshakes that fail. */
  void tell(HandshakeWatch other) {
    watch = other;
  }

  /** How long the phases of handshakes took so far, by endpoint. */
  List<PhaseHistogram> histograms() {
    List<PhaseHistogram> histograms = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      for (ConnectPhase phase : ConnectPhase.values()) {
        histograms.add(histogram(endpoint, phase));
      }
    }
    return histograms;
  }

  private PhaseHistogram histogram(Endpoint endpoint, ConnectPhase phase) {
    HistogramSnapshot snapshot = phase(endpoint, phase).takeSnapshot();
    List<Long> counts = new ArrayList<>();
    long below = 0;
    for (CountAtBucket bucket : snapshot.histogramCounts()) {
      long upTo = Math.round(bucket.count());
      if (counts.size() < BUCKETS.length) {
        counts.add(upTo - below);
        below = upTo;
      }
    }
    counts.add(Math.max(0, snapshot.count() - below));
    return new PhaseHistogram(endpoint.toString(), word(phase), List.of(BUCKETS), counts);
  }

  /** Takes a poll into account. */
  void polled(PollReport report) {
    newest = report;
    count("freshet_poll_queries_total", "Queries of polls", report.queries());
    count("freshet_connects_total", "Connects of polls", report.connects());
    count("freshet_retries_total", "Queries and connects that were repeated", report.retries());
  }

  private void count(String name, String text, double more) {
    Counter.builder(name).description(text).register(registry).increment(more);
  }

  private Timer phase(Endpoint endpoint, ConnectPhase phase) {
    return Timer.builder("freshet_handshake_phase_seconds")
        .description("How long the phases of handshakes took")
        .tag("endpoint", endpoint.toString())
        .tag("phase", word(phase))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static String word(ConnectPhase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  private boolean isPolled(Endpoint endpoint) {
    PollReport report = newest;
    return report != null && report.endpoint().equals(endpoint.toString());
  }

  private double lagSeconds() {
    PollReport report = newest;
    Duration lag = report == null ? null : report.replicaLag();
    return lag == null ? Double.NaN : lag.toMillis() / MILLIS;
  }
}
