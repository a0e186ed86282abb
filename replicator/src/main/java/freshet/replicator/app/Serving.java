package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.FreshnessSettings;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.AgeWatch;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.ClockEstimate;
import freshet.replicator.freshness.ClockReading;
import freshet.replicator.freshness.PullTimes;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.page.CityRow;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.PullReport;
import freshet.replicator.remote.Receipt;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.SnapshotSwitch;
import freshet.replicator.swap.SwitchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a slave serves, kept in step with what its pulls bring, and how old that is. Thread-safe.
 */
final class Serving {
  private final LocalRepository store;
  private final SnapshotSwitch snapshots;
  private final Time time;
  private final AgeWatch ages;
  private final @Nullable CanarySearch canary;

  private @Nullable ServedState served;
  private @Nullable ClockEstimate master;
  private @Nullable ClockReading lastAnswer;
  private @Nullable LastPull lastPull;
  private long fetchedBytes;

  /**
   * A pull that ended without a failure.
   *
   * @param what came of it
   * @param at by this host's clock
   */
  record LastPull(String what, Instant at) {}

  /** As configured, over this switch. */
  Serving(LocalRepository store, SnapshotSwitch snapshots, FreshnessSettings freshness, Time time) {
    this.store = store;
    this.snapshots = snapshots;
    this.time = time;
    this.ages = new AgeWatch(freshness.maxClockSkew());
    this.canary =
        freshness.canary() == null ? null : new CanarySearch(freshness.canary(), snapshots, time);
  }

  /** Serves what the store has from an earlier process, so that a dead master stops nobody. */
  synchronized void resume() throws IOException, SwitchException {
    Optional<Advertisement> latest = store.latest();
    if (latest.isPresent()) {
      Advertisement advertisement = latest.get();
      Snapshot snapshot = store.snapshot(advertisement);
      snapshots.switchTo(snapshot, advertisement);
      served = new ServedState(snapshot, advertisement, ClockReading.of(time), null);
      seekCanary();
    }
  }

  /**
   * Takes an outcome over. One that throws is heard again by the next pull, which finds what is
   * served to differ from what the store has.
   */
  synchronized void heard(PullOutcome outcome) throws SwitchException {
    ClockReading now = ClockReading.of(time);
    lastAnswer = now;
    master = estimate(outcome.receipt(), now);
    try {
      switch (outcome) {
        case PullOutcome.Installed installed -> installed(installed, now);
        case PullOutcome.UpToDate current -> readvertise(current.advertisement(), now);
        case PullOutcome.Nothing nothing -> {}
        case PullOutcome.Refused refused -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the store can't be read: " + e.getMessage(), e);
    }
    // Before anybody sees the new age, which the old canary would contradict.
    seekCanary();
    lastPull = new LastPull(sentence(outcome), now.wall());
  }

  /** Opens cities anew whose files were healed by another process. */
  synchronized void reopenHealed() throws IOException, SwitchException {
    HealedCities healed = new HealedCities(store);
    Set<City> cities = healed.read();
    if (!cities.isEmpty()) {
      snapshots.reopen(cities);
      healed.clear();
    }
  }

  /** How old what is served is. */
  synchronized AgeReport age() {
    return ages.look(served, null, master, ClockReading.of(time));
  }

  /** Searches for the canary, if one is configured. Nobody who asks for anything here waits. */
  void seekCanary() {
    if (canary != null) {
      canary.seek();
    }
  }

  /** What the canary says, by the last search for it; null if none is configured. */
  synchronized @Nullable CanaryReport canary() {
    return canary == null
        ? null
        : ages.canary(canary.canary(), canary.last(), served, master, ClockReading.of(time));
  }

  /** Each city that is served. */
  synchronized List<CityRow> cities() {
    return served == null
        ? List.of()
        : CityRow.all(served.snapshot(), ages.cities(served, master, ClockReading.of(time)));
  }

  /** What is served; null if nothing is. */
  synchronized @Nullable ServedState served() {
    return served;
  }

  /** When the remote last answered; null if never. */
  synchronized @Nullable ClockReading lastAnswer() {
    return lastAnswer;
  }

  /** The last pull that did not fail; null before the first. */
  synchronized @Nullable LastPull lastPull() {
    return lastPull;
  }

  /** What the pulls of this process brought. */
  synchronized long fetchedBytes() {
    return fetchedBytes;
  }

  private void installed(PullOutcome.Installed installed, ClockReading ended)
      throws SwitchException {
    PullReport report = installed.report();
    fetchedBytes += report.bytesFetched();
    ClockReading started =
        new ClockReading(
            ended.wall().minus(report.duration()), ended.nanos() - report.duration().toNanos());
    snapshots.switchTo(installed.snapshot(), installed.advertisement());
    PullTimes times =
        new PullTimes(installed.advertisement(), started, ended, ClockReading.of(time));
    served = new ServedState(installed.snapshot(), installed.advertisement(), started, times);
  }

  private void readvertise(Advertisement newest, ClockReading now)
      throws IOException, SwitchException {
    ServedState before = served;
    if (before != null && newest.equals(before.advertisement())) {
      return;
    }
    if (before != null && snapshots.readvertise(newest)) {
      served = new ServedState(before.snapshot(), newest, now, before.pulled());
      return;
    }
    // Another process pulled it, or the switch to it failed before.
    Snapshot snapshot = store.snapshot(newest);
    snapshots.switchTo(snapshot, newest);
    served = new ServedState(snapshot, newest, now, null);
  }

  private @Nullable ClockEstimate estimate(Receipt receipt, ClockReading now) {
    freshet.replicator.remote.ClockEstimate found = receipt.clock();
    if (found == null) {
      return master;
    }
    return ClockEstimate.better(
        master, new ClockEstimate(found.offset(), found.uncertainty(), now));
  }

  private static String sentence(PullOutcome outcome) {
    return switch (outcome) {
      case PullOutcome.Installed installed ->
          "installed %s, %,d bytes fetched in %,d ms"
              .formatted(
                  installed.snapshot().generation(),
                  installed.report().bytesFetched(),
                  installed.report().duration().toMillis());
      case PullOutcome.UpToDate current ->
          "has %s, the newest one".formatted(current.advertisement().generation());
      case PullOutcome.Nothing nothing -> "the remote has published nothing yet";
      case PullOutcome.Refused refused -> "refused: " + refused.refusal().explain();
    };
  }
}
