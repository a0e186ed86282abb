package freshet.replicator.app;

import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.flight.Failure;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.page.AgeHistory;
import freshet.replicator.page.AgeSample;
import freshet.replicator.page.Headline;
import freshet.replicator.page.StatusPage;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.FleetView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Gathers what a slave's status page shows. Thread-safe. */
final class SlavePage {
  private final SlaveView view;
  private final KeptSnapshots kept;
  private final Supplier<OpenIncidents> incidents;
  private final Supplier<List<Failure>> failures;
  private final Supplier<FleetView.Fleet> fleet;
  private final Time time;
  private final AgeHistory history = new AgeHistory();

  /**
   * Of this slave.
   *
   * @param failures of the last hour
   * @param fleet slaves that pull from this one
   */
  SlavePage(
      SlaveView view,
      KeptSnapshots kept,
      Supplier<OpenIncidents> incidents,
      Supplier<List<Failure>> failures,
      Supplier<FleetView.Fleet> fleet,
      Time time) {
    this.view = view;
    this.kept = kept;
    this.incidents = incidents;
    this.failures = failures;
    this.fleet = fleet;
    this.time = time;
  }

  /** Takes a sample of the age. */
  void sample() {
    AgeReport age = view.age();
    history.add(new AgeSample(time.now(), age.age() instanceof Age.Known, age.stages()));
  }

  /** What it shows now. */
  StatusPage look() {
    Instant now = time.now();
    SlaveStatus status = view.status();
    Duration ageLimit = view.ageLimit();
    OpenIncidents open = incidents.get();
    return new StatusPage(
        StatusPage.Role.SLAVE,
        status.name(),
        now,
        Headline.of("this slave", "", status.age().age(), ageLimit, open.incidents()),
        status.waitsFor(),
        ageLimit,
        history.until(now),
        open.incidents(),
        FleetRows.of(fleet.get()),
        view.cities(),
        List.of(),
        failures.get(),
        kept.folder(),
        kept.newest(),
        kept.held());
  }
}
