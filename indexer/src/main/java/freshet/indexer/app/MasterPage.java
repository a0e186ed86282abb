package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.app.FleetRows;
import freshet.replicator.app.KeptSnapshots;
import freshet.replicator.flight.Failure;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.AgeWatch;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.ClockEstimate;
import freshet.replicator.freshness.ClockReading;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.page.AgeHistory;
import freshet.replicator.page.AgeSample;
import freshet.replicator.page.CityRow;
import freshet.replicator.page.Headline;
import freshet.replicator.page.PhaseHistogram;
import freshet.replicator.page.SlaveRow;
import freshet.replicator.page.StatusPage;
import freshet.replicator.pause.Pauses;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.FleetView;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers what a master's status page shows. Thread-safe. */
final class MasterPage {
  private final IndexerConfig config;
  private final Supplier<SnapshotPublisher> publisher;
  private final KeptSnapshots kept;
  private final Sources sources;
  private final Time time;
  private final AgeWatch ages = new AgeWatch(Duration.ZERO);
  private final AgeHistory history = new AgeHistory();

  /**
   * What else it shows, each as of now.
   *
   * @param waitsFor what the daemon waits for, in words
   * @param pauses what people have paused
   * @param incidents that are pending or firing
   * @param fleet slaves that reported lately
   * @param handshakes with the database
   * @param failures of the last hour
   */
  record Sources(
      Supplier<String> waitsFor,
      Supplier<Pauses> pauses,
      Supplier<OpenIncidents> incidents,
      Supplier<FleetView.Fleet> fleet,
      Supplier<List<PhaseHistogram>> handshakes,
      Supplier<List<Failure>> failures) {}

  /** Of this master. */
  MasterPage(
      IndexerConfig config,
      Supplier<SnapshotPublisher> publisher,
      KeptSnapshots kept,
      Sources sources,
      Time time) {
    this.config = config;
    this.publisher = publisher;
    this.kept = kept;
    this.sources = sources;
    this.time = time;
  }

  /** The slowest of the fleet; where nobody reports, what is published. */
  private record Slowest(String subject, String detail, Age age, AgeSample sample) {}

  /** Takes a sample of the age. */
  void sample() {
    ClockReading now = ClockReading.of(time);
    history.add(slowest(fleet(), served(now), now).sample());
  }

  /** The slaves that reported lately. */
  List<SlaveRow> fleet() {
    return FleetRows.of(sources.fleet.get());
  }

  /** The age of what LATEST names. */
  Age publishedAge() {
    ClockReading now = ClockReading.of(time);
    return ages.look(served(now), null, own(now), now).age();
  }

  /** What it shows now. */
  StatusPage look() {
    ClockReading now = ClockReading.of(time);
    Instant wall = now.wall();
    OpenIncidents open = sources.incidents.get();
    ServedState served = served(now);
    List<SlaveRow> fleet = fleet();
    Slowest slowest = slowest(fleet, served, now);
    Duration limit = config.freshness().limit();
    return new StatusPage(
        StatusPage.Role.MASTER,
        config.name(),
        wall,
        Headline.of(slowest.subject, slowest.detail, slowest.age, limit, open.incidents()),
        "waits for " + sources.waitsFor.get(),
        limit,
        history.until(wall),
        open.incidents(),
        fleet,
        served == null ? List.of() : CityRow.all(served.snapshot(), cityAges(served, now)),
        sources.handshakes.get(),
        sources.failures.get(),
        kept.folder(),
        kept.newest(),
        kept.held());
  }

  /** The age of each city of what LATEST names. */
  SortedMap<City, CityAge> cityAges() {
    ClockReading now = ClockReading.of(time);
    ServedState served = served(now);
    return served == null ? Collections.emptySortedMap() : cityAges(served, now);
  }

  private SortedMap<City, CityAge> cityAges(ServedState served, ClockReading now) {
    return ages.cities(served, own(now), now, sources.pauses.get().cities());
  }

  private Slowest slowest(List<SlaveRow> fleet, @Nullable ServedState served, ClockReading now) {
    return fleet.stream()
        .min(SlaveRow.SLOWEST_FIRST)
        .map(row -> of("slowest slave", row.name(), row.age(), row.stages(), now))
        .orElseGet(
            () -> {
              AgeReport report = ages.look(served, null, own(now), now);
              return of("newest snapshot", "no slave reports", report.age(), report.stages(), now);
            });
  }

  private static Slowest of(
      String subject, String detail, Age age, StageAges stages, ClockReading now) {
    return new Slowest(
        subject, detail, age, new AgeSample(now.wall(), age instanceof Age.Known, stages));
  }

  /** This host's clock is the master's. */
  private static ClockEstimate own(ClockReading now) {
    return new ClockEstimate(Duration.ZERO, Duration.ZERO, now);
  }

  /** What LATEST names; null before the first publication, or while one moves it. */
  private @Nullable ServedState served(ClockReading now) {
    Advertisement latest = publisher.get().advertisement().orElse(null);
    Snapshot snapshot = publisher.get().current().orElse(null);
    return latest == null || snapshot == null || !latest.generation().equals(snapshot.generation())
        ? null
        : new ServedState(snapshot, latest, now, null);
  }
}
