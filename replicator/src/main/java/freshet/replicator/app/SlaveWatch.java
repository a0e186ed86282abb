package freshet.replicator.app;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.alert.SlaveObservation;
import freshet.replicator.alert.SlaveSymptoms;
import freshet.replicator.freshness.Age;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A slave's watch over itself; its master may be dead. */
final class SlaveWatch implements AutoCloseable {
  /** What part of its limit an age has reached by then. */
  private static final int ASKS_FROM = 5;

  private final String name;
  private final Sight sight;
  private final Optional<RemoteIncidents> remote;
  private final CertificateWatch certificates;
  private final AlertMonitor monitor;
  private final Time time;

  /** What it looks at. */
  interface Sight {
    /** What alerts are decided by. */
    SlaveObservation observation(Instant at);

    /** The generation that goes on being served; null if none does. */
    @Nullable String generation();
  }

  /** Over one slave, which asks its remote, if that is a server, what is known there. */
  SlaveWatch(
      String name,
      Sight sight,
      Optional<RemoteIncidents> remote,
      CertificateWatch certificates,
      AlertMonitor monitor,
      Time time) {
    this.name = name;
    this.sight = sight;
    this.remote = remote;
    this.certificates = certificates;
    this.monitor = monitor;
    this.time = time;
  }

  /** As configured; the incidents that an earlier process left are its own. */
  static SlaveWatch of(
      ReplicatorConfig config,
      ReplicatorConfig.RemoteSettings settings,
      Optional<RemoteIncidents> remote,
      Sight sight,
      Time time) {
    return new SlaveWatch(
        config.name(),
        sight,
        remote,
        CertificateWatch.of(
            config.server(),
            config.alerts(),
            settings.authorities(),
            "bin/replicator check-config",
            time),
        new AlertMonitor(
            folder(config), config.alerts(), config.alerts().sinks().sinks(time), time),
        time);
  }

  /** Where a slave's incidents and messages are kept. */
  static Path folder(ReplicatorConfig config) {
    return new RepositoryLayout(config.store().folder()).control().resolve("alerts");
  }

  /** Looks once. */
  void look() {
    String explainedBy = null;
    if (asks(sight.observation(time.now()))) {
      explainedBy =
          remote.flatMap(RemoteIncidents::explanation).map(Incident::reference).orElse(null);
    } else {
      remote.ifPresent(RemoteIncidents::forget);
    }
    monitor.look(name, sight.generation(), explainedBy, this::symptoms);
  }

  /**
   * Before anything is told, so that status can say why the age grows. A remote that does not
   * answer explains nothing, and would only be waited for.
   */
  private static boolean asks(SlaveObservation seen) {
    boolean isOld =
        switch (seen.age().age()) {
          case Age.Known known ->
              known.atMost().compareTo(seen.ageLimit().dividedBy(ASKS_FROM)) > 0;
          case Age.Unknown unknown -> true;
        };
    return isOld && seen.trouble() == null;
  }

  /** Sends what waits to be sent, as far as that succeeds within this time. */
  void send(Duration atMost) throws InterruptedException {
    monitor.send(atMost);
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

  private List<Symptom> symptoms(Instant at) {
    List<Symptom> symptoms = new ArrayList<>(SlaveSymptoms.of(sight.observation(at)));
    certificates.symptom(at).ifPresent(symptoms::add);
    return symptoms;
  }
}
