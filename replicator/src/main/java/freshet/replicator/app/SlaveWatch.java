package freshet.replicator.app;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.alert.SlaveObservation;
import freshet.replicator.alert.SlaveSymptoms;
import freshet.replicator.flight.FlightRecorder;
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

  /** Whoever looks at a status wants to know sooner, however large the limit is. */
  private static final Duration ASKS_AT_LATEST = Duration.ofSeconds(10);

  private final String name;
  private final Sight sight;
  private final Optional<RemoteIncidents> remote;
  private final CertificateWatch certificates;
  private final FlightRecorder recorder;
  private final AlertMonitor monitor;
  private final Time time;

  /** What it looks at. */
  interface Sight {
    /** What alerts are decided by. */
    SlaveObservation observation(Instant at);

    /** The generation that goes on being served; null if none does. */
    @Nullable String generation();

    /** Whether it is known how pulls go: not before the first one has ended. */
    default boolean knowsPulls() {
      return true;
    }
  }

  /** Over one slave, which asks its remote, if that is a server, what is known there. */
  SlaveWatch(
      String name,
      Sight sight,
      Optional<RemoteIncidents> remote,
      CertificateWatch certificates,
      FlightRecorder recorder,
      AlertMonitor monitor,
      Time time) {
    this.name = name;
    this.sight = sight;
    this.remote = remote;
    this.certificates = certificates;
    this.recorder = recorder;
    this.monitor = monitor;
    this.time = time;
  }

  /** As configured. */
  static SlaveWatch of(
      ReplicatorConfig config,
      ReplicatorConfig.RemoteSettings settings,
      Optional<RemoteIncidents> remote,
      Sight sight,
      FlightRecorder recorder,
      AlertMonitor monitor,
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
        recorder,
        monitor,
        time);
  }

  /** Goes on with the incidents that an earlier process of this slave left. */
  static AlertMonitor monitor(ReplicatorConfig config, Time time) {
    return new AlertMonitor(
        folder(config), config.alerts(), config.alerts().sinks().sinks(time), time);
  }

  /** Where a slave's incidents and messages are kept. */
  static Path folder(ReplicatorConfig config) {
    return new RepositoryLayout(config.store().folder()).alerts();
  }

  /** Looks once. */
  void look() {
    RemoteIncidents.@Nullable Answer answer = answer(sight.observation(time.now()));
    Incident explainedBy =
        answer instanceof RemoteIncidents.Explains explains ? explains.by() : null;
    String silence = answer instanceof RemoteIncidents.Silent silent ? silent.why() : null;
    recorder.told(
        monitor.look(
            name,
            sight.generation(),
            explainedBy,
            sight.knowsPulls(),
            at -> symptoms(at, silence)));
  }

  /** Sends what waits to be sent, as far as that succeeds within this time. */
  void send(Duration atMost) throws InterruptedException {
    monitor.send(atMost);
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

  /** Null if nobody is asked. */
  private RemoteIncidents.@Nullable Answer answer(SlaveObservation seen) {
    if (asks(seen)) {
      return remote.map(RemoteIncidents::ask).orElse(null);
    }
    remote.ifPresent(RemoteIncidents::forget);
    return null;
  }

  /**
   * Before anything is told, so that status can say why the age grows. A remote whose pulls fail
   * explains nothing, and would only be waited for.
   */
  private static boolean asks(SlaveObservation seen) {
    Duration part = seen.ageLimit().dividedBy(ASKS_FROM);
    Duration from = part.compareTo(ASKS_AT_LATEST) < 0 ? part : ASKS_AT_LATEST;
    boolean isOld =
        switch (seen.age().age()) {
          case Age.Known known -> known.atMost().compareTo(from) > 0;
          case Age.Unknown unknown -> true;
        };
    return isOld && seen.trouble() == null;
  }

  /**
   * What is wrong.
   *
   * @param silence of the remote, in words; null if it answered, or was not asked. It is the cause
   *     of what is wrong, and alone it is nothing that anybody has to hear of
   */
  private List<Symptom> symptoms(Instant at, @Nullable String silence) {
    SlaveObservation seen = sight.observation(at);
    // What a person wants does not make a silent remote one that somebody has to hear of.
    boolean isWell =
        SlaveSymptoms.of(seen).stream()
            .allMatch(symptom -> symptom.presence() == Symptom.Presence.LATENT);
    List<Symptom> symptoms =
        new ArrayList<>(SlaveSymptoms.of(isWell ? seen : seen.withSilence(silence)));
    symptoms.addAll(certificates.symptoms(at));
    return symptoms;
  }
}
