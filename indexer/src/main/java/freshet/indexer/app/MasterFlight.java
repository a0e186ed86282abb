package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.schedule.CycleOutcome;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import freshet.replicator.flight.Connect;
import freshet.replicator.flight.Failure;
import freshet.replicator.flight.FlightRecorder;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.review.IncidentFiles;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A master's recorder: connects, and connects, queries, cycles and cities that fail. Thread-safe.
 */
final class MasterFlight implements SessionListener, AutoCloseable {
  private final FlightRecorder recorder;
  private final Time time;

  /** Starts it. */
  MasterFlight(IndexerConfig config, Time time) {
    this.recorder = FlightRecorder.start(folder(config), config.name(), config.flight(), time);
    this.time = time;
  }

  /** Where the verbs {@code incident} look. */
  static IncidentFiles files(IndexerConfig config) {
    return new IncidentFiles(
        MasterWatch.folder(config), folder(config), config.work(), config.server());
  }

  @Override
  public void connected(Endpoint endpoint, ConnectTimings timings) {
    note(endpoint, timings, null);
  }

  @Override
  public void failed(Endpoint endpoint, SourceException failure) {
    String attempt = "query";
    if (failure.getCause() instanceof ConnectFailure connect) {
      attempt = "connect";
      note(endpoint, connect.timings(), connect.phase());
    }
    recorder.failed(
        Failure.of(
            time.now(),
            Stage.POLL,
            attempt,
            failure.getClass().getSimpleName(),
            endpoint.toString(),
            String.valueOf(failure.getMessage())));
  }

  /** Takes a cycle over. */
  void cycled(CycleReport report) {
    if (report.outcome() instanceof CycleOutcome.Failed failed) {
      recorder.failed(
          Failure.of(
              time.now(),
              stage(failed.stage()),
              word(failed.stage()),
              failed.failure(),
              "",
              failed.message()));
    }
    SortedMap<City, String> cities = report.failed();
    if (!cities.isEmpty()) {
      recorder.failed(
          Failure.of(
              time.now(),
              Stage.BUILD,
              "build",
              "CityFailed",
              Symptom.some(
                  cities.keySet().stream()
                      .map(City::toString)
                      .collect(Collectors.toCollection(TreeSet::new))),
              cities.values().iterator().next()));
    }
  }

  FlightRecorder recorder() {
    return recorder;
  }

  @Override
  public void close() {
    recorder.close();
  }

  private void note(Endpoint endpoint, ConnectTimings timings, @Nullable ConnectPhase failedIn) {
    Map<String, Duration> phases = new LinkedHashMap<>();
    timings.phases().forEach((phase, took) -> phases.put(word(phase), took));
    recorder.connected(
        new Connect(
            time.now(), endpoint.toString(), phases, failedIn == null ? null : word(failedIn)));
  }

  private static Stage stage(CycleOutcome.Stage stage) {
    return switch (stage) {
      case POLL -> Stage.POLL;
      case RECOVER, ROUTE, BUILD -> Stage.BUILD;
      case PUBLISH -> Stage.PUBLISH;
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Path folder(IndexerConfig config) {
    return config.work().resolve("flight");
  }
}
