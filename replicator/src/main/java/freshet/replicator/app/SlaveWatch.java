package freshet.replicator.app;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.alert.SlaveObservation;
import freshet.replicator.alert.SlaveSymptoms;
import freshet.replicator.flight.FlightRecorder;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A slave's watch over itself; its master may be dead. */
final class SlaveWatch implements AutoCloseable {
  private final String name;
  private final SlaveView view;
  private final Optional<RemoteIncidents> remote;
  private final FlightRecorder recorder;
  private final AlertMonitor monitor;
  private final Time time;

  SlaveWatch(
      ReplicatorConfig config,
      ReplicatorConfig.RemoteSettings settings,
      SlaveView view,
      FlightRecorder recorder,
      Time time)
      throws IOException {
    this.name = config.name();
    this.view = view;
    this.remote = RemoteIncidents.of(settings, time);
    this.recorder = recorder;
    this.time = time;
    this.monitor =
        new AlertMonitor(
            folder(config), config.alerts(), config.alerts().sinks().sinks(time), time);
  }

  /** Where a slave's incidents and messages are kept. */
  static Path folder(ReplicatorConfig config) {
    return new RepositoryLayout(config.store().folder()).control().resolve("alerts");
  }

  /** Looks once. */
  void look() {
    SlaveObservation seen = view.observation(time.now());
    // A remote that does not answer explains nothing, and would only be waited for.
    boolean asks = seen.trouble() == null && !SlaveSymptoms.of(seen).isEmpty();
    String explainedBy = asks ? remote.flatMap(RemoteIncidents::explanation).orElse(null) : null;
    recorder.told(
        monitor.look(
            name, view.generation(), explainedBy, at -> SlaveSymptoms.of(view.observation(at))));
  }

  /** What is pending or open. */
  OpenIncidents open() {
    return monitor.open();
  }

  /** What /metrics tells of it. */
  AlertMetrics metrics() {
    return new AlertMetrics(monitor);
  }

  @Override
  public void close() {
    monitor.close();
  }
}
