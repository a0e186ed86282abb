package freshet.indexer.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.alert.ConnectHistory;
import freshet.indexer.alert.HeardSlaves;
import freshet.indexer.alert.MasterObservation;
import freshet.indexer.alert.MasterObservation.Behind;
import freshet.indexer.alert.MasterObservation.Cycles;
import freshet.indexer.alert.MasterObservation.Laggards;
import freshet.indexer.alert.MasterObservation.Recent;
import freshet.indexer.alert.MasterObservation.SlaveSeen;
import freshet.indexer.alert.MasterSymptoms;
import freshet.indexer.alert.RecentEvents;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.connect.Tls;
import freshet.indexer.schedule.CycleReport;
import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.app.AlertMetrics;
import freshet.replicator.app.CertificateWatch;
import freshet.replicator.gate.HoldFolder;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.FleetView;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master's watch over the database, its cycles, its cities and its slaves. */
final class MasterWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterWatch.class);

  private final IndexerConfig config;
  private final Master master;
  private final CycleHistory history;
  private final ConnectHistory connects;
  private final Supplier<List<FleetView.Slave>> fleet;
  private final RecentEvents events;
  private final CertificateWatch certificates;
  private final AlertMonitor monitor;
  private final MasterFlight flight;
  private @Nullable SlaveRoll roll;

  /**
   * Begins to watch.
   *
   * @param history of the cycles, fed elsewhere
   * @param connects to the database, fed elsewhere
   * @param fleet slaves that reported lately
   * @param flight records failures and incidents
   */
  MasterWatch(
      IndexerConfig config,
      Master master,
      CycleHistory history,
      ConnectHistory connects,
      Supplier<List<FleetView.Slave>> fleet,
      MasterFlight flight,
      Time time) {
    this.config = config;
    this.master = master;
    this.history = history;
    this.connects = connects;
    this.fleet = fleet;
    this.flight = flight;
    this.events =
        new RecentEvents(
            master.publisher().current().map(each -> each.manifest().created()).orElse(null));
    this.certificates =
        CertificateWatch.of(
            config.server(),
            config.alerts(),
            authorities(config.source().session().tls()),
            "bin/indexer check-config",
            time);
    this.monitor =
        new AlertMonitor(
            folder(config), config.alerts(), config.alerts().sinks().sinks(time), time);
  }

  /**
   * For a daemon, which slaves report to: goes on with those that an earlier one has heard of.
   *
   * @param now by this host's clock
   */
  void rememberSlaves(Instant now) {
    SlaveRoll kept = new SlaveRoll(folder(config));
    events.slaves(kept.read().seen(now), now);
    roll = kept;
  }

  /** Where a master's incidents and messages are kept. */
  static Path folder(IndexerConfig config) {
    return config.work().resolve("alerts");
  }

  /** Takes a cycle into account. */
  void cycled(CycleReport report) {
    events.cycled(report);
    flight.cycled(report);
    if (report.poll() != null) {
      connects.polled();
    }
  }

  /** Looks once. */
  void look() {
    flight
        .recorder()
        .told(
            monitor.look(
                config.name(),
                master
                    .publisher()
                    .current()
                    .map(Snapshot::generation)
                    .map(Object::toString)
                    .orElse(null),
                null,
                knowsCycles(),
                this::symptoms));
  }

  /** Whether it is known how cycles go: not before the first one of this process has ended. */
  private boolean knowsCycles() {
    return history.newest() != null || master.pauses().whole() != null;
  }

  /** Looks once, after the last cycle of this process. */
  void lookAtEnd() {
    events.ended();
    look();
  }

  /** Sends what waits to be sent, as far as that succeeds within this time. */
  void send(Duration atMost) throws InterruptedException {
    monitor.send(atMost);
  }

  /** What is pending or open, as of the last second: slaves decide by it what they tell. */
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

  private List<Symptom> symptoms(Instant at) {
    List<Symptom> symptoms = new ArrayList<>(MasterSymptoms.of(observation(at)));
    symptoms.addAll(certificates.symptoms(at, connects.certificates()));
    return symptoms;
  }

  private static @Nullable Path authorities(Tls database) {
    return switch (database) {
      case Tls.Off off -> null;
      case Tls.Required required -> null;
      case Tls.VerifyCa verified -> verified.authorities();
      case Tls.VerifyIdentity verified -> verified.authorities();
    };
  }

  private MasterObservation observation(Instant at) {
    return new MasterObservation(
        at,
        config.freshness().limit(),
        config.freshness().expectChangeEvery(),
        master.publisher().advertisement().orElse(null),
        new Cycles(newest(), history.failingSince(), history.runningSince()),
        connects.recent(),
        new Laggards(events.failing(), held(), behind()),
        new Recent(
            master.quarantine().rowsSince(RecentEvents.reach(at)),
            master.quarantine().rows(),
            events.beyondOverlap(at),
            events.lastChange()),
        slaves(at),
        master.pauses().now());
  }

  private List<SlaveSeen> slaves(Instant at) {
    List<SlaveSeen> slaves =
        events.slaves(fleet.get().stream().map(MasterWatch::seen).toList(), at);
    SlaveRoll kept = roll;
    if (kept != null) {
      kept.note(HeardSlaves.of(slaves, at));
    }
    return slaves;
  }

  private @Nullable CycleReport newest() {
    CycleReport newest = history.newest();
    return newest != null && events.isTelling(newest) ? newest : null;
  }

  private SortedMap<City, String> held() {
    SortedMap<City, String> held = new TreeMap<>();
    try {
      new HoldFolder(master.repository())
          .read()
          .forEach(
              (city, one) ->
                  held.put(city, "since %s: %s".formatted(one.since(), one.hold().explain())));
    } catch (IOException e) {
      LOG.warn("held cities can't be read: {}", e.toString());
    }
    return held;
  }

  private SortedMap<City, Behind> behind() {
    SortedMap<City, Behind> behind = new TreeMap<>();
    master
        .held()
        .cities()
        .forEach((city, one) -> behind.put(city, new Behind(one.since(), one.reason())));
    return behind;
  }

  private static SlaveSeen seen(FleetView.Slave slave) {
    boolean isPaused = slave.report().path("paused").isObject();
    return new SlaveSeen(
        slave.name(),
        slave.reportedAt(),
        isPaused ? null : age(slave.report()),
        told(slave.report()));
  }

  /** Of a slave on which cities are paused, that of the others: it tells of those itself. */
  private static @Nullable Duration age(JsonNode report) {
    Duration oldest = duration(report.path("age").path("oldestKnown"));
    Duration behind = duration(report.path("age").path("stages").path("behind"));
    boolean hasPausedCities = !report.path("pausedCities").isEmpty();
    return oldest == null || behind == null || !hasPausedCities ? oldest : oldest.minus(behind);
  }

  private static @Nullable List<String> told(JsonNode report) {
    JsonNode told = report.path("told");
    return told.isArray() ? told.valueStream().map(JsonNode::asText).toList() : null;
  }

  /** What it said is not trusted to be well-formed. */
  private static @Nullable Duration duration(JsonNode node) {
    try {
      String text = node.asText("");
      return text.isEmpty() ? null : Duration.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
