package freshet.replicator.app;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.alert.ServerSymptoms;
import freshet.replicator.flight.FlightRecorder;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Symptom;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.review.IncidentFiles;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch of a server that serves what cron's builds publish: what no build tells any more, since
 * none runs. What the last one told explains what is seen here, as long as builds go on.
 */
final class ServerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

  private final String name;
  private final Duration ageLimit;
  private final LocalRepository repository;
  private final BuildIncidents builds;
  private final PauseWatch pauses;
  private final CertificateWatch certificates;
  private final FlightRecorder recorder;
  private final AlertMonitor monitor;
  private final Time time;

  /** Over this repository; goes on with what an earlier process left. */
  ServerWatch(
      ReplicatorConfig config, LocalRepository repository, FlightRecorder recorder, Time time) {
    this.name = config.name();
    this.ageLimit = config.freshness().limit();
    this.repository = repository;
    this.builds = new BuildIncidents(repository.layout());
    this.pauses = new PauseWatch(repository.layout(), time);
    this.certificates =
        CertificateWatch.of(
            config.server(), config.alerts(), null, "bin/replicator check-config", time);
    this.recorder = recorder;
    this.monitor =
        new AlertMonitor(
            repository.layout().alerts(),
            config.alerts(),
            config.alerts().sinks().sinks(time),
            time);
    this.time = time;
  }

  /** Starts the recorder of a server of this repository. */
  static FlightRecorder recorder(ReplicatorConfig config, RepositoryLayout layout, Time time) {
    return FlightRecorder.start(layout.flight(), config.name(), config.flight(), time);
  }

  /** Where the verbs {@code incident} look. */
  static IncidentFiles files(ReplicatorConfig config, RepositoryLayout layout) {
    return new IncidentFiles(layout.alerts(), layout.flight(), layout.control(), config.server());
  }

  /** Looks once. */
  void look() {
    Advertisement latest = latest();
    Generation generation = latest == null ? null : latest.generation();
    Optional<OpenIncidents> told = builds.read(time.now(), ageLimit);
    // A build that goes on tells of its pause itself.
    Pause pause = told.isPresent() ? null : pauses.whole();
    recorder.told(
        monitor.look(
            name,
            generation == null ? null : generation.toString(),
            told.flatMap(OpenIncidents::explanation).orElse(null),
            at -> symptoms(at, latest, pause)));
  }

  /** What is pending or open here, as of the last second, and what the last build left so. */
  OpenIncidents open() {
    if (monitor.isOutdated()) {
      look();
    }
    List<Incident> all = new ArrayList<>(monitor.open().incidents());
    builds.read(time.now(), ageLimit).ifPresent(told -> all.addAll(told.incidents()));
    return new OpenIncidents(name, all, null);
  }

  @Override
  public void close() {
    monitor.close();
  }

  private List<Symptom> symptoms(
      Instant at, @Nullable Advertisement latest, @Nullable Pause pause) {
    List<Symptom> symptoms = new ArrayList<>(ServerSymptoms.of(at, ageLimit, latest, pause));
    symptoms.addAll(certificates.symptoms(at));
    return symptoms;
  }

  private @Nullable Advertisement latest() {
    try {
      return repository.latest().orElse(null);
    } catch (IOException e) {
      LOG.warn("LATEST can't be read: {}", e.toString());
      return null;
    }
  }
}
