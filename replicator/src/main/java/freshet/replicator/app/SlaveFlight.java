package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.flight.Failure;
import freshet.replicator.flight.FlightRecorder;
import freshet.replicator.incident.Stage;
import freshet.replicator.review.IncidentFiles;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Path;

/** A slave's recorder: pulls that fail, and incidents that begin. */
final class SlaveFlight implements AutoCloseable {
  private final FlightRecorder recorder;
  private final String url;
  private final Time time;

  /** Starts it. */
  SlaveFlight(ReplicatorConfig config, RemoteSettings remote, Time time) {
    this.recorder = FlightRecorder.start(folder(config), config.name(), config.flight(), time);
    this.url = remote.url();
    this.time = time;
  }

  /** Where the verbs {@code incident} look. */
  static IncidentFiles files(ReplicatorConfig config) {
    return new IncidentFiles(
        SlaveWatch.folder(config), folder(config), config.store().folder(), config.server());
  }

  /**
   * Takes a pull over that did not succeed.
   *
   * @param failure its class
   * @param cause for people
   */
  void failed(String failure, String cause) {
    recorder.failed(Failure.of(time.now(), Stage.PULL, "pull", failure, url, cause));
  }

  FlightRecorder recorder() {
    return recorder;
  }

  @Override
  public void close() {
    recorder.close();
  }

  private static Path folder(ReplicatorConfig config) {
    return new RepositoryLayout(config.store().folder()).flight();
  }
}
