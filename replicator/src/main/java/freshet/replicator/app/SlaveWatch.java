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
import org.jspecify.annotations.Nullable;

/** A slave's watch over itself; its master may be dead. */
final class SlaveWatch implements AutoCloseable {
  private final String name;
  private final SlaveView view;
  private final Optional<RemoteIncidents> remote;
  private final FlightRecorder recorder;
  private final AlertMonitor monitor;
  private final Time time;

  SlaveWatch(
      String name,
      ReplicatorConfig.RemoteSettings settings,
      SlaveView view,
      FlightRecorder recorder,
      AlertMonitor monitor,
      Time time)
      throws IOException {
    this.name = name;
    this.view = view;
    this.remote = RemoteIncidents.of(settings, time);
    this.recorder = recorder;
    this.time = time;
    this.monitor = monitor;
  }

  /** Goes on with the incidents that an earlier process of this slave left. */
  static AlertMonitor monitor(ReplicatorConfig config, Time time) {
    return new AlertMonitor(
        folder(config), config.alerts(), config.alerts().sinks().sinks(time), time);
  }

  /** Where a slave's incidents and messages are kept. */
  static Path folder(ReplicatorConfig config) {
    return new RepositoryLayout(config.store().folder()).control().resolve("alerts");
  }

  /** Looks once. */
  void look() {
    RemoteIncidents.@Nullable Answer answer = answer(view.observation(time.now()));
    String explainedBy = answer instanceof RemoteIncidents.Explains explains ? explains.by() : null;
    String silence = answer instanceof RemoteIncidents.Silent silent ? silent.why() : null;
    recorder.told(
        monitor.look(
            name,
            view.generation(),
            explainedBy,
            at -> SlaveSymptoms.of(view.observation(at).withSilence(silence))));
  }

  /** A remote whose pulls fail is not asked: it explains nothing, and would only be waited for. */
  private RemoteIncidents.@Nullable Answer answer(SlaveObservation seen) {
    boolean asks = seen.trouble() == null && !SlaveSymptoms.of(seen).isEmpty();
    return asks && remote.isPresent() ? remote.get().ask() : null;
  }

  /** What is pending or open, as of the last second. */
  OpenIncidents open() {
    if (monitor.isOutdated()) {
      look();
    }
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
